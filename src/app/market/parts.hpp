#pragma once

#include <memory>
#include <string>

#include "drivers/embedded/cache/cache.hpp"
#include "drivers/embedded/documents/documents.hpp"
#include "drivers/embedded/events/bus.hpp"
#include "drivers/embedded/mail/mail.hpp"
#include "drivers/embedded/payments/sandbox.hpp"
#include "drivers/embedded/search/index.hpp"
#include "drivers/embedded/sql/sql.hpp"
#include "platform/config/settings.hpp"
#include "platform/runtime/application.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::app {

// Picks and makes the driver of each part by the scheme of its address. All throw
// config::wrong_setting with one line that names the setting.
class part_maker {
 public:
  part_maker(const config::settings& settings, runtime::application& app, const wall_clock& clock,
             telemetry::logger log);

  std::unique_ptr<documents::database> documents(const std::string& setting) const;
  std::unique_ptr<sql::database> sql(const std::string& setting) const;
  std::unique_ptr<search::index> search(search::schema schema) const;
  std::unique_ptr<cache::store> cache() const;
  std::unique_ptr<mail::local_outbox> mail() const;
  std::unique_ptr<payments::provider> payments() const;
  std::shared_ptr<events::bus> bus() const;

  // The secret that is set, or one that is kept in DATA/keys/NAME.
  std::string secret(const std::string& setting, const std::string& name) const;
  std::string key_file(const std::string& name) const;

 private:
  // The file that an address of the scheme names, below the data folder if it is relative.
  std::string file_of(const std::string& setting, const std::string& scheme) const;

  const config::settings& settings_;
  runtime::application& app_;
  const wall_clock& clock_;
  telemetry::logger log_;
};

}  // namespace oficio::app
