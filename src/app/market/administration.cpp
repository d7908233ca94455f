#include "app/market/administration.hpp"

#include <filesystem>
#include <iostream>

#include "app/market/parts.hpp"
#include "platform/security/access_token.hpp"
#include "services/auth/operators.hpp"

namespace oficio::app {
namespace {

using config::settings;

// A mistyped folder must not become a new, empty market.
void check_data(const settings& s) {
  auto folder = s.text("data");
  if (std::filesystem::is_directory(folder)) return;
  throw config::wrong_setting("data: there is no folder " + folder +
                              "; name the one of the market with --data");
}

std::string told(const auth::operator_change& c, bool is_operator) {
  std::string who = c.username + (is_operator ? " is" : " is not");
  if (!c.changed) return who + " an operator, and was so before; nothing has changed";
  return who + (is_operator ? " an operator now; " : " an operator any more; ") +
         std::to_string(c.ended) + " sessions have ended (a running market knows it in seconds)";
}

awaitable<void> change_operator(runtime::application& app, sql::database& database,
                                const wall_clock& clock, std::string username, bool is_operator,
                                std::string& failure) {
  auto ctx = context::for_system();
  auto done = co_await auth::set_operator(database, clock, ctx, username, is_operator);
  if (done.has_error()) {
    failure = done.error().detail;
  } else {
    std::cout << told(*done, is_operator) << std::endl;
  }
  app.request_stop();
}

}  // namespace

int rotate_keys(const settings& s) {
  check_data(s);
  auto path = (std::filesystem::path(s.text("data")) / "keys" / "access").string();
  wall_clock clock(s.duration("clock_offset"));
  auto done = security::rotate_signing_keys(path, clock.now());
  std::cout << "The new key " << done.new_kid << " signs from " << format_time(done.signs_from)
            << ".\n"
            << "The old key " << done.old_kid << " verifies until " << format_time(done.old_until)
            << ", when the last of its tokens has ended.\n"
            << "A running market takes it up by itself within seconds; nobody is signed out."
            << std::endl;
  return 0;
}

int set_operator(const settings& s, const std::string& username, bool is_operator) {
  check_data(s);
  wall_clock clock(s.duration("clock_offset"));
  runtime::application app({.io_threads = 1, .blocking_threads = 1, .hashing_threads = 1});
  secrets keys(s, "");
  part_maker make(s, app, clock, telemetry::logger(nullptr, "oficio"), keys, part_user::visitor);
  auto database = make.sql("auth.database");
  std::string failure;
  int status = app.run(
      [&] { return change_operator(app, *database, clock, username, is_operator, failure); });
  if (!failure.empty()) throw std::runtime_error(failure);
  return status;
}

}  // namespace oficio::app
