#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/market/assembly.hpp"
#include "app/market/business.hpp"
#include "app/market/observation.hpp"
#include "platform/archive/archive.hpp"
#include "platform/http/server.hpp"
#include "platform/http/tls.hpp"
#include "platform/http/upstream.hpp"
#include "platform/telemetry/metrics.hpp"
#include "services/gateway/module.hpp"

namespace oficio::app {

// What one process serves, by its plan: the services that run here, and the door for clients or,
// where there is none, the one service's own listener. Members are destroyed in reverse order: the
// server first, the parts last.
class process {
 public:
  // The references must outlive it. Throws config::wrong_setting.
  process(const config::settings& s, plan p, runtime::application& app, telemetry::metrics& metrics,
          observation& observed, telemetry::logger log);

  awaitable<void> start();

 private:
  hosting::environment with_bus();
  void add_services();
  void add_gateway();
  void add_clocks(const std::string& service, const std::string& addresses, gateway::upstreams& to);
  void add_server();
  awaitable<void> stop_accepting();

  const config::settings& settings_;
  const plan plan_;
  runtime::application& app_;
  telemetry::metrics& metrics_;
  observation& observed_;
  telemetry::logger log_;
  std::shared_ptr<http::server_tls> tls_;
  wall_clock clock_;
  secrets keys_;
  security::identity_tokens identities_;
  hosting::environment environment_;  // its keys are asked for before any part is made
  business_figures business_;
  part_maker make_;
  market_parts parts_;
  hosting::host host_;
  std::map<std::string, std::unique_ptr<http::upstream>> upstreams_;
  std::vector<std::unique_ptr<http::upstream>> instances_;
  const http::router* routes_ = nullptr;  // what is served
  std::unique_ptr<archive::reader> archive_;
  std::unique_ptr<gateway::gateway> gateway_;
  std::unique_ptr<http::server> server_;
  telemetry::metrics::handle figures_;
  telemetry::metrics::handle own_figures_;
};

}  // namespace oficio::app
