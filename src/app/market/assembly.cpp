#include "app/market/assembly.hpp"

#include <unistd.h>

#include "drivers/pictures/vips.hpp"
#include "services/auth/module.hpp"
#include "services/chat/module.hpp"
#include "services/gigs/module.hpp"
#include "services/notifications/module.hpp"
#include "services/orders/module.hpp"
#include "services/reviews/module.hpp"
#include "services/users/module.hpp"

namespace oficio::app {

using config::settings;

runtime::options runtime_options(const settings& s) {
  return {.io_threads = static_cast<std::size_t>(s.number("io_threads", 0, 256)),
          .blocking_threads = static_cast<std::size_t>(s.number("blocking_threads", 1, 256)),
          .drain_delay = s.duration("drain_delay"),
          .stop_patience = s.duration("stop_patience")};
}

telemetry::logger make_logger(const settings& s) {
  auto level = s.text("log.level");
  auto lowest = telemetry::level::info;
  if (level == "debug") {
    lowest = telemetry::level::debug;
  } else if (level == "warn") {
    lowest = telemetry::level::warning;
  } else if (level == "error") {
    lowest = telemetry::level::error;
  } else if (level != "info") {
    throw config::wrong_setting("log.level: must be debug, info, warn or error");
  }
  auto format = s.text("log.format");
  if (format != "auto" && format != "json" && format != "readable") {
    throw config::wrong_setting("log.format: must be json, readable or auto");
  }
  bool readable = format == "readable" || (format == "auto" && isatty(STDERR_FILENO) == 1);
  return {telemetry::make_console_sink(
              readable ? telemetry::format::readable : telemetry::format::json_lines, lowest),
          "oficio"};
}

std::string public_url(const settings& s) {
  auto url = s.text("public_url");
  std::string scheme = s.text("tls.certificate").empty() ? "http" : "https";
  return url.empty() ? scheme + "://localhost:" + s.text("port") : url;
}

market_parts::market_parts(const part_maker& make)
    : bus(make.bus()),
      cache(make.cache()),
      mail(make.mail()),
      payments(make.payments()),
      search(make.search(gigs::search_schema())),
      studio(pictures::make_vips_studio()),
      auth(make.sql("auth.database")),
      users(make.documents("users.database")),
      gigs(make.documents("gigs.database")),
      chat(make.documents("chat.database")),
      orders(make.documents("orders.database")),
      reviews(make.sql("reviews.database")) {}

static auth::limits sign_in_limits(const settings& s) {
  return {.tries_per_account = static_cast<int>(s.number("auth.tries_per_account", 0, 1'000'000)),
          .tries_per_address = static_cast<int>(s.number("auth.tries_per_address", 0, 1'000'000))};
}

std::vector<hosting::service> make_services(const hosting::environment& env, market_parts& parts,
                                            security::signing_keys& keys,
                                            security::password_hasher& passwords,
                                            const settings& s) {
  std::vector<hosting::service> out;
  auto currency = s.text("currency");
  out.push_back(auth::make(env, {*parts.auth, keys, passwords, sign_in_limits(s)}));
  out.push_back(users::make(env, {*parts.users, *parts.cache, parts.studio.get()}));
  out.push_back(gigs::make(env, {*parts.gigs, *parts.search, currency, parts.studio.get()}));
  out.push_back(chat::make(env, {*parts.chat, currency, parts.studio.get()}));
  out.push_back(orders::make(env, {*parts.orders, *parts.payments, currency, parts.studio.get()}));
  out.push_back(reviews::make(env, {*parts.reviews}));
  out.push_back(notifications::make(env, {*parts.mail, parts.mail.get(), public_url(s)}));
  return out;
}

}  // namespace oficio::app
