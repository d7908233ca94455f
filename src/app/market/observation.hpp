#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/market/data_lock.hpp"
#include "app/market/plan.hpp"
#include "platform/config/settings.hpp"
#include "platform/telemetry/beat.hpp"
#include "platform/telemetry/intake.hpp"
#include "platform/telemetry/tracer.hpp"

namespace oficio::app {

// Where telemetry is kept, as the setting says it: "off", or an address.
std::string telemetry_address(const config::settings& s, const plan& p);

// Where a process's logs, requests, errors and figures go, as the setting `telemetry` says. Made
// before everything that it observes, and destroyed after; what waits then is written, or spilled
// to the disk.
class observation {
 public:
  // Throws config::wrong_setting. `figures` is read every ten seconds from now on.
  observation(const config::settings& s, const plan& p, const telemetry::metrics& figures);
  ~observation();

  // Null: telemetry is off.
  telemetry::intake* intake() { return intake_.get(); }
  telemetry::tracer* tracer() { return tracer_.get(); }
  // Whose documents they are; for those who make documents of their own.
  const telemetry::origin& origin() const { return origin_; }

  // `log`, and as documents besides; of a process that is one service: all as that service's.
  telemetry::logger watch(telemetry::logger log, const config::settings& s);

  // How the intake itself is doing.
  void tell(telemetry::reading& to) const;

 private:
  std::unique_ptr<telemetry::intake> open(const config::settings& s, const plan& p);
  telemetry::logger own_log(const config::settings& s) const;
  std::unique_ptr<telemetry::intake> open_file(const config::settings& s, const std::string& file);
  std::unique_ptr<telemetry::intake> open_server(const config::settings& s, const plan& p);

  const std::string what_;  // the process is: "all", or one service
  telemetry::origin origin_;
  std::optional<data_lock> lock_;
  std::unique_ptr<telemetry::intake> intake_;
  std::unique_ptr<telemetry::tracer> tracer_;
  std::unique_ptr<telemetry::beat> beat_;
};

}  // namespace oficio::app
