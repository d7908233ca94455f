#include "app/market/assembly.hpp"

#include <unistd.h>

#include "drivers/pictures/vips.hpp"
#include "platform/telemetry/output.hpp"
#include "services/auth/module.hpp"
#include "services/chat/module.hpp"
#include "services/gigs/module.hpp"
#include "services/notifications/module.hpp"
#include "services/orders/module.hpp"
#include "services/reviews/module.hpp"
#include "services/users/module.hpp"

namespace oficio::app {

using config::settings;

namespace {

// Databases on other machines are waited for, not worked on: more calls at once are worth it.
constexpr std::int64_t threads_of_a_market = 4;
constexpr std::int64_t threads_of_a_service = 16;

}  // namespace

runtime::options runtime_options(const settings& s, const plan& p) {
  auto blocking = s.number("blocking_threads", 0, 256);
  if (blocking == 0) blocking = p.whole ? threads_of_a_market : threads_of_a_service;
  return {.io_threads = static_cast<std::size_t>(s.number("io_threads", 0, 256)),
          .blocking_threads = static_cast<std::size_t>(blocking),
          .drain_delay = s.duration("drain_delay"),
          .stop_patience = s.duration("stop_patience")};
}

telemetry::level lowest_level(const settings& s) {
  auto level = s.text("log.level");
  if (level == "debug") return telemetry::level::debug;
  if (level == "info") return telemetry::level::info;
  if (level == "warn") return telemetry::level::warning;
  if (level == "error") return telemetry::level::error;
  throw config::wrong_setting("log.level: must be debug, info, warn or error");
}

std::shared_ptr<telemetry::sink> console_sink(const settings& s) {
  auto format = s.text("log.format");
  if (format != "auto" && format != "json" && format != "readable") {
    throw config::wrong_setting("log.format: must be json, readable or auto");
  }
  auto to = s.text("log.to");
  if (to != "stderr" && to != "stdout") {
    throw config::wrong_setting("log.to: must be stderr or stdout");
  }
  bool on_output = to == "stdout";
  bool on_terminal = isatty(on_output ? STDOUT_FILENO : STDERR_FILENO) == 1;
  bool readable = format == "readable" || (format == "auto" && on_terminal);
  auto make = on_output ? telemetry::make_output_sink : telemetry::make_console_sink;
  return make(readable ? telemetry::format::readable : telemetry::format::json_lines,
              lowest_level(s));
}

telemetry::logger make_logger(const settings& s) {
  return {console_sink(s), "oficio"};
}

hosting::environment make_environment(runtime::application& app, const wall_clock& clock,
                                      telemetry::logger log, const secrets& keys, const plan& p) {
  hosting::environment env{.app = app, .clock = clock, .log = std::move(log)};
  if (p.runs_any({"users", "gigs", "chat", "orders", "reviews"})) {
    env.cursor_key = keys.one("cursor_key", "cursor");
  }
  if (p.runs_any({"auth", "users", "notifications"})) env.seal_key = keys.one("seal_key", "seal");
  return env;
}

market_parts::market_parts(part_maker& make, const secrets& keys, runtime::application& app,
                           const plan& p) {
  auto runs = [&p](std::string_view name) { return p.runs_any({name}); };
  if (runs("auth")) {
    first_keys = keys.signing_keys_of_before();
    passwords = std::make_unique<security::password_hasher>(app.hashing());
  }
  if (runs("users") || (p.gateway && make.shares_cache())) cache = make.cache();
  if (runs("notifications")) mail = make.mail();
  if (runs("orders")) payments = make.payments();
  if (runs("gigs")) search = make.search(gigs::search_schema());
  if (p.runs_any({"users", "gigs", "chat", "orders"})) studio = pictures::make_vips_studio();
  if (runs("auth")) auth = make.sql("auth.database");
  if (runs("users")) users = make.documents("users.database");
  if (runs("gigs")) gigs = make.documents("gigs.database");
  if (runs("chat")) chat = make.documents("chat.database");
  if (runs("orders")) orders = make.documents("orders.database");
  if (runs("reviews")) reviews = make.sql("reviews.database");
  if (!p.services.empty()) bus = make.bus();
}

static auth::limits sign_in_limits(const settings& s) {
  return {.tries_per_account = static_cast<int>(s.number("auth.tries_per_account", 0, 1'000'000)),
          .tries_per_address = static_cast<int>(s.number("auth.tries_per_address", 0, 1'000'000))};
}

hosting::service make_service(const std::string& name, const hosting::environment& env,
                              market_parts& parts, const settings& s) {
  auto currency = s.text("currency");
  auto* studio = parts.studio.get();
  if (name == "auth") {
    return auth::make(
        env, {*parts.auth, parts.signing, *parts.passwords, sign_in_limits(s), parts.first_keys});
  }
  if (name == "users") return users::make(env, {*parts.users, *parts.cache, studio});
  if (name == "gigs") return gigs::make(env, {*parts.gigs, *parts.search, currency, studio});
  if (name == "chat") return chat::make(env, {*parts.chat, currency, studio});
  if (name == "orders")
    return orders::make(env, {*parts.orders, *parts.payments, currency, studio});
  if (name == "reviews") return reviews::make(env, {*parts.reviews});
  // Whoever can reach a service could read everybody's mail there.
  auto* shown = s.flag("dev_pages") ? parts.mail.outbox : nullptr;
  return notifications::make(env, {*parts.mail.transport, shown, public_url(s)});
}

}  // namespace oficio::app
