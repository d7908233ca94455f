#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "app/market/plan.hpp"
#include "platform/config/settings.hpp"
#include "platform/http/metrics_listener.hpp"
#include "platform/http/server.hpp"
#include "platform/http/tls.hpp"
#include "platform/http/upstream.hpp"
#include "platform/telemetry/metrics.hpp"
#include "services/gateway/module.hpp"

namespace oficio::app {

// How the market is reached, from its settings. All throw config::wrong_setting with one line that
// names the setting.

// The certificate and key; null if the process speaks plain HTTP.
std::shared_ptr<http::server_tls> read_tls(const config::settings& s);

// For clients, and for gateways: those are believed, and limited by nobody but themselves.
http::server_options door_options(const config::settings& s, const listening_point& at);
http::server_options service_options(const config::settings& s, const listening_point& at);

// Somebody who answers for a service at `address`, which its url says.
std::unique_ptr<http::upstream> reach(boost::asio::io_context& io, const config::settings& s,
                                      const std::string& service, const std::string& address,
                                      telemetry::metrics* figures);

gateway::options gateway_options(const config::settings& s, bool over_https);

// Null if figures are not to be read from outside.
std::unique_ptr<http::metrics_listener> open_metrics(const config::settings& s,
                                                     const telemetry::metrics& figures,
                                                     const telemetry::logger& log);

// Reads certificate and key again whenever the process gets SIGHUP, for as long as `io` runs. A
// pair that does not fit is logged, and the old one stays.
void reload_on_hangup(boost::asio::io_context& io, std::shared_ptr<http::server_tls> tls,
                      telemetry::logger log);

}  // namespace oficio::app
