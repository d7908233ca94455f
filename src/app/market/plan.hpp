#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/config/settings.hpp"

namespace oficio::app {

// All services but the gateway, each with a database, queues or both of its own.
inline constexpr std::array<std::string_view, 7> service_names{
    "auth", "users", "gigs", "chat", "orders", "reviews", "notifications"};

// Where a process listens. `setting` is what chose the port.
struct listening_point {
  std::string host;
  std::uint16_t port = 0;  // 0: any free one
  std::string setting;
};

// What one process does, as `serve WHAT` and the settings say.
struct plan {
  std::string what;                   // "all", "gateway", "auth" …
  std::vector<std::string> services;  // that run here, the gateway aside
  bool gateway = false;               // the door for clients is here, too
  bool whole = true;                  // and nothing of the market is elsewhere
  listening_point listen;

  // True if one of them runs here.
  bool runs_any(std::initializer_list<std::string_view> names) const;
};

// Throws config::wrong_setting with one line, as all of these do.
plan make_plan(const config::settings& s, const std::string& what);

// Where the gateway of such a process reaches a service: empty if it is in the same process, else
// "http://host:port", or several, comma-separated.
std::string upstream_address(const config::settings& s, const std::string& what,
                             std::string_view service);

// The setting that `serve WHAT` reads its port from.
std::string port_setting(std::string_view what);

// Where people reach the market.
std::string public_url(const config::settings& s);

// A port that is taken is the mistake that people make most: told before any file is touched.
void check_port(const listening_point& at);

}  // namespace oficio::app
