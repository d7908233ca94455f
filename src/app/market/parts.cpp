#include "app/market/parts.hpp"

#include <filesystem>

#include "platform/security/crypto.hpp"

namespace oficio::app {
namespace {

[[noreturn]] void refuse(const std::string& setting, const std::string& why) {
  throw config::wrong_setting(setting + ": " + why);
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
                       const wall_clock& clock, telemetry::logger log)
    : settings_(settings), app_(app), clock_(clock), log_(std::move(log)) {}

std::string part_maker::file_of(const std::string& setting, const std::string& scheme) const {
  auto address = config::parse_address(setting, settings_.text(setting));
  if (address.scheme != scheme) {
    refuse(setting,
           "\"" + address.scheme + ":\" cannot be used for this part; use " + scheme + ":FILE");
  }
  if (address.rest.empty()) refuse(setting, "names no file; use " + scheme + ":FILE");
  return (std::filesystem::path(settings_.text("data")) / address.rest).string();
}

std::unique_ptr<documents::database> part_maker::documents(const std::string& setting) const {
  auto file = file_of(setting, "sqlite");
  return started(setting, [&] { return embedded::make_documents(file, app_.blocking()); });
}

std::unique_ptr<sql::database> part_maker::sql(const std::string& setting) const {
  auto file = file_of(setting, "sqlite");
  return started(setting, [&] { return embedded::make_sql(file, app_.blocking()); });
}

std::unique_ptr<search::index> part_maker::search(search::schema schema) const {
  auto file = file_of("search", "sqlite");
  return started("search",
                 [&] { return embedded::make_index(file, std::move(schema), app_.blocking()); });
}

std::unique_ptr<cache::store> part_maker::cache() const {
  auto address = config::parse_address("cache", settings_.text("cache"));
  if (address.scheme != "memory")
    refuse("cache", "\"" + address.scheme + ":\" cannot be used; use memory:");
  return embedded::make_memory_cache();
}

std::unique_ptr<mail::local_outbox> part_maker::mail() const {
  auto file = file_of("mail", "outbox");
  return started("mail", [&] { return embedded::make_mail_outbox(file, app_.blocking(), clock_); });
}

std::unique_ptr<payments::provider> part_maker::payments() const {
  auto file = file_of("payments", "sandbox");
  auto key = secret("payments.webhook_key", "payments");
  return started("payments",
                 [&] { return payments::make_sandbox(file, key, app_.blocking(), clock_); });
}

std::shared_ptr<events::bus> part_maker::bus() const {
  auto address = config::parse_address("events", settings_.text("events"));
  if (address.scheme != "embedded") {
    refuse("events", "\"" + address.scheme + ":\" cannot be used; use embedded:");
  }
  auto name = address.rest.empty() ? std::string("events.db") : address.rest;
  auto file = (std::filesystem::path(settings_.text("data")) / name).string();
  return started("events", [&] {
    return embedded::make_bus(file, app_.io().get_executor(), app_.blocking(), clock_, log_);
  });
}

std::string part_maker::key_file(const std::string& name) const {
  auto folder = std::filesystem::path(settings_.text("data")) / "keys";
  return started("data", [&] {
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    return (folder / name).string();
  });
}

std::string part_maker::secret(const std::string& setting, const std::string& name) const {
  if (auto given = settings_.secret(setting); !given.empty()) {
    if (given.size() < 32) refuse(setting, "must have at least 32 characters");
    return security::sha256(given);
  }
  return started(setting, [&] { return security::load_or_create_secret(key_file(name), 32); });
}

}  // namespace oficio::app
