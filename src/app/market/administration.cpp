#include "app/market/administration.hpp"

#include <filesystem>
#include <functional>
#include <iostream>

#include "app/market/parts.hpp"
#include "platform/base/uuid.hpp"
#include "platform/security/access_token.hpp"
#include "services/auth/key_vault.hpp"
#include "services/auth/operators.hpp"

namespace oficio::app {
namespace {

using config::settings;

// What is done to accounts, and what there is to say of it.
using work = std::function<awaitable<result<std::string>>(sql::database&, const wall_clock&)>;

// A mistyped folder must not become a new, empty market.
void check_data(const settings& s) {
  auto folder = s.text("data");
  bool is_file = config::parse_address("auth.database", s.text("auth.database")).scheme == "sqlite";
  if (!is_file || std::filesystem::is_directory(folder)) return;
  throw config::wrong_setting("data: there is no folder " + folder +
                              "; name the one of the market with --data");
}

awaitable<void> carry_out(runtime::application& app, work what, sql::database& database,
                          const wall_clock& clock, result<std::string>& out) {
  try {
    out = co_await what(database, clock);
  } catch (const std::exception& e) {
    out = error{errc::internal, "failed", e.what()};
  }
  app.request_stop();
}

// On auth's database, which instances may be using meanwhile. Throws std::runtime_error.
std::string on_accounts(const settings& s, const work& what) {
  wall_clock clock(s.duration("clock_offset"));
  runtime::application app({.io_threads = 1, .blocking_threads = 1, .hashing_threads = 1});
  secrets keys(s, "");
  part_maker make(s, app, clock, telemetry::logger(nullptr, "oficio"), keys, part_user::visitor);
  auto database = make.sql("auth.database");
  result<std::string> out = error{};
  app.run([&] { return carry_out(app, what, *database, clock, out); });
  if (out.has_error()) throw std::runtime_error(out.error().detail);
  return *std::move(out);
}

std::string told(const auth::operator_change& c, bool is_operator) {
  std::string who = c.username + (is_operator ? " is" : " is not");
  if (!c.changed) return who + " an operator, and was so before; nothing has changed";
  return who + (is_operator ? " an operator now; " : " an operator any more; ") +
         std::to_string(c.ended) + " sessions have ended (a running market knows it in seconds)";
}

std::string told(const security::key_rotation& done) {
  return "The new key " + done.new_kid + " signs from " + format_time(done.signs_from) +
         ".\nThe old key " + done.old_kid + " verifies until " + format_time(done.old_until) +
         ", when the last of its tokens has ended.\n"
         "A running market takes it up by itself within seconds; nobody is signed out.";
}

awaitable<result<std::string>> rotate(sql::database& database, const wall_clock& clock,
                                      std::string seal_key) {
  auto ctx = context::for_system();
  CO_TRY(auto done, co_await auth::rotate_signing_keys(database, clock, ctx, seal_key));
  co_return told(done);
}

awaitable<result<std::string>> change_operator(sql::database& database, const wall_clock& clock,
                                               std::string username, bool is_operator) {
  auto ctx = context::for_system();
  CO_TRY(auto done,
         co_await auth::set_operator(database, clock, ctx, std::move(username), is_operator));
  co_return told(done, is_operator);
}

awaitable<result<std::string>> sign_token(sql::database& database, const wall_clock& clock,
                                          std::string seal_key) {
  auto ctx = context::for_system();
  CO_TRY(auto text, co_await auth::read_signing_keys(database, clock, ctx, seal_key));
  auto now = clock.now();
  co_return security::signing_keys(text).sign(
      {.who = {.sub = uuid_v5("the operator of this machine"),
               .username = "operator",
               .roles = {"operator"},
               .sid = uuid_v7(now)},
       .issued_at = now,
       .expires_at = now + std::chrono::minutes(5)});
}

std::string seal_key(const settings& s, const std::string& command) {
  check_data(s);
  return secrets(s, command).one("seal_key", "seal");
}

}  // namespace

int rotate_keys(const settings& s) {
  auto key = seal_key(s, "keys rotate");
  std::cout << on_accounts(s, [&key](auto& database, const auto& clock) {
    return rotate(database, clock, key);
  }) << std::endl;
  return 0;
}

int set_operator(const settings& s, const std::string& username, bool is_operator) {
  check_data(s);
  std::cout << on_accounts(s, [&](auto& database, const auto& clock) {
    return change_operator(database, clock, username, is_operator);
  }) << std::endl;
  return 0;
}

std::string operators_token(const settings& s) {
  auto key = seal_key(s, "events");
  return on_accounts(
      s, [&key](auto& database, const auto& clock) { return sign_token(database, clock, key); });
}

}  // namespace oficio::app
