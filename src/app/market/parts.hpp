#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/market/data_lock.hpp"
#include "app/market/secrets.hpp"
#include "platform/base/clock.hpp"
#include "platform/cache/cache.hpp"
#include "platform/config/server_address.hpp"
#include "platform/config/settings.hpp"
#include "platform/documents/driver.hpp"
#include "platform/events/bus.hpp"
#include "platform/mail/transport.hpp"
#include "platform/payments/provider.hpp"
#include "platform/runtime/application.hpp"
#include "platform/search/index.hpp"
#include "platform/sql/database.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::app {

// Who uses a market's parts.
enum class part_user {
  whole_market,    // in this one process, which has locked the data folder
  one_of_several,  // processes: files are for one of them alone, and events need a server
  visitor          // beside those that serve, for a moment
};

// Where mail goes: `outbox` is the same thing if it stays on this machine, else null.
struct mail_parts {
  std::unique_ptr<mail::transport> transport;
  mail::local_outbox* outbox = nullptr;
};

// Picks and makes the driver of each part by the scheme of its address. All throw
// config::wrong_setting with one line that names the setting.
class part_maker {
 public:
  part_maker(const config::settings& settings, runtime::application& app, const wall_clock& clock,
             telemetry::logger log, const secrets& keys, part_user user);

  // Part by part; each keeps the locks of its files for as long as this lives.
  std::unique_ptr<documents::database> documents(const std::string& setting);
  std::unique_ptr<sql::database> sql(const std::string& setting);
  std::unique_ptr<search::index> search(search::schema schema);
  std::unique_ptr<cache::store> cache();
  bool shares_cache() const;  // with other processes
  mail_parts mail();
  std::unique_ptr<payments::provider> payments();
  std::shared_ptr<events::bus> bus();

 private:
  // Whether instances of a service on this machine may use a file together.
  enum class use { alone, together };
  // The file of such an address, below the data folder if it is relative.
  std::string file_of(const std::string& setting, const std::string& rest, use how = use::alone);
  std::string scheme_of(const std::string& setting) const;
  std::string rest_of(const std::string& setting) const;
  config::server_address server_of(const std::string& setting) const;

  const config::settings& settings_;
  runtime::application& app_;
  const wall_clock& clock_;
  telemetry::logger log_;
  const secrets& keys_;
  part_user user_;
  std::vector<data_lock> locks_;
};

}  // namespace oficio::app
