#include "app/market/parts.hpp"

#include <filesystem>

#include "app/market/plan.hpp"
#include "drivers/elasticsearch/index.hpp"
#include "drivers/embedded/cache/cache.hpp"
#include "drivers/embedded/documents/documents.hpp"
#include "drivers/embedded/events/bus.hpp"
#include "drivers/embedded/mail/mail.hpp"
#include "drivers/embedded/payments/sandbox.hpp"
#include "drivers/embedded/search/index.hpp"
#include "drivers/embedded/sql/sql.hpp"
#include "drivers/mongodb/documents.hpp"
#include "drivers/mysql/sql.hpp"
#include "drivers/postgresql/sql.hpp"
#include "drivers/rabbitmq/bus.hpp"
#include "drivers/redis/cache.hpp"
#include "drivers/smtp/mail.hpp"

namespace oficio::app {
namespace {

[[noreturn]] void refuse(const std::string& setting, const std::string& why) {
  throw config::wrong_setting(setting + ": " + why);
}

[[noreturn]] void refuse_scheme(const std::string& setting, const std::string& scheme,
                                const std::string& known) {
  refuse(setting, "\"" + scheme + ":\" cannot be used for this part; use " + known);
}

// A driver that cannot start is told as the setting that chose it.
template <class Make>
auto started(const std::string& setting, Make make) {
  try {
    return make();
  } catch (const config::wrong_setting&) {
    throw;
  } catch (const std::exception& e) {
    refuse(setting, e.what());
  }
}

}  // namespace

part_maker::part_maker(const config::settings& settings, runtime::application& app,
                       const wall_clock& clock, telemetry::logger log, const secrets& keys,
                       part_user user)
    : settings_(settings),
      app_(app),
      clock_(clock),
      log_(std::move(log)),
      keys_(keys),
      user_(user) {}

std::string part_maker::scheme_of(const std::string& setting) const {
  return config::parse_address(setting, settings_.text(setting)).scheme;
}

config::server_address part_maker::server_of(const std::string& setting) const {
  return config::parse_server_address(setting, settings_.text(setting));
}

std::string part_maker::rest_of(const std::string& setting) const {
  return config::parse_address(setting, settings_.text(setting)).rest;
}

std::string part_maker::file_of(const std::string& setting, const std::string& rest, use how) {
  if (rest.empty()) refuse(setting, "names no file; use " + scheme_of(setting) + ":FILE");
  auto folder = settings_.text("data");
  auto file = (std::filesystem::path(folder) / rest).string();
  if (user_ == part_user::one_of_several) {
    if (locks_.empty()) locks_.push_back(data_lock::together(folder));
    if (how == use::alone) locks_.push_back(data_lock::of_file(setting, file));
  }
  return file;
}

std::unique_ptr<documents::database> part_maker::documents(const std::string& setting) {
  auto scheme = scheme_of(setting);
  if (scheme == "mongodb" || scheme == "mongodb+srv") {
    return mongodb::make_documents(server_of(setting), app_.blocking());
  }
  if (scheme != "sqlite") refuse_scheme(setting, scheme, "sqlite:FILE or mongodb://…");
  auto file = file_of(setting, rest_of(setting));
  return started(setting, [&] { return embedded::make_documents(file, app_.blocking()); });
}

std::unique_ptr<sql::database> part_maker::sql(const std::string& setting) {
  auto scheme = scheme_of(setting);
  if (scheme == "mysql") return mysql::make_sql(server_of(setting), app_.blocking());
  if (scheme == "postgresql") return postgresql::make_sql(server_of(setting), app_.blocking());
  if (scheme != "sqlite") {
    refuse_scheme(setting, scheme, "sqlite:FILE, mysql://… or postgresql://…");
  }
  auto file = file_of(setting, rest_of(setting));
  return started(setting, [&] { return embedded::make_sql(file, app_.blocking()); });
}

std::unique_ptr<search::index> part_maker::search(search::schema schema) {
  auto scheme = scheme_of("search");
  if (scheme == "http" || scheme == "https") {
    return elasticsearch::make_index(server_of("search"), std::move(schema), app_.io());
  }
  if (scheme != "sqlite") refuse_scheme("search", scheme, "sqlite:FILE or http://…");
  auto file = file_of("search", rest_of("search"));
  return started("search",
                 [&] { return embedded::make_index(file, std::move(schema), app_.blocking()); });
}

bool part_maker::shares_cache() const {
  return scheme_of("cache") != "memory";
}

std::unique_ptr<cache::store> part_maker::cache() {
  auto scheme = scheme_of("cache");
  if (scheme == "redis" || scheme == "rediss") {
    return redis::make_cache(server_of("cache"), app_.io(), log_.named("redis"));
  }
  if (scheme != "memory") refuse_scheme("cache", scheme, "memory: or redis://…");
  return embedded::make_memory_cache();
}

mail_parts part_maker::mail() {
  auto scheme = scheme_of("mail");
  if (scheme == "smtp" || scheme == "smtps") {
    auto from = mail::sender_of(public_url(settings_));
    return {smtp::make_mail(server_of("mail"), from, clock_, log_.named("smtp")), nullptr};
  }
  if (scheme != "outbox") refuse_scheme("mail", scheme, "outbox:FILE or smtp://…");
  auto file = file_of("mail", rest_of("mail"), use::together);
  auto kept =
      started("mail", [&] { return embedded::make_mail_outbox(file, app_.blocking(), clock_); });
  auto* outbox = kept.get();
  return {std::move(kept), outbox};
}

std::unique_ptr<payments::provider> part_maker::payments() {
  auto scheme = scheme_of("payments");
  if (scheme != "sandbox") refuse_scheme("payments", scheme, "sandbox:FILE");
  auto key = keys_.one("payments.webhook_key", "payments");
  auto file = file_of("payments", rest_of("payments"), use::together);
  return started("payments",
                 [&] { return payments::make_sandbox(file, key, app_.blocking(), clock_); });
}

std::shared_ptr<events::bus> part_maker::bus() {
  auto scheme = scheme_of("events");
  if (scheme == "amqp" || scheme == "amqps") {
    return rabbitmq::make_bus(server_of("events"), app_.io().get_executor(), clock_, log_);
  }
  if (scheme != "embedded") refuse_scheme("events", scheme, "embedded: or amqp://…");
  if (user_ == part_user::one_of_several) {
    refuse("events",
           "\"embedded:\" carries events within one process; several processes need a server, "
           "such as amqp://USER:PASSWORD@HOST");
  }
  auto rest = rest_of("events");
  auto file = file_of("events", rest.empty() ? "events.db" : rest);
  return started("events", [&] {
    return embedded::make_bus(file, app_.io().get_executor(), app_.blocking(), clock_, log_);
  });
}

}  // namespace oficio::app
