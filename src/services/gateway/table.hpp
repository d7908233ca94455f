#pragma once

#include <span>
#include <string_view>

namespace oficio::gateway {

// What the gateway does around a call, besides passing it on.
enum class treatment {
  plain,
  opens,      // makes a session: presented credentials do not count, tokens become cookies
  signs_in,   // opens, and sends the known device along
  refreshes,  // opens, by the refresh cookie if the body has no token
  ends,       // may end sessions
  signs_out,  // ends this session: cookies go
  proves,     // the request itself proves what may be done: credentials do not count
  upload,     // the service follows from ?for=
  download    // the service follows from the id
};

struct route {
  std::string_view methods;  // separated by spaces
  std::string_view path;     // below /api/v1
  std::string_view service;
  treatment how = treatment::plain;
};

// Everything that can be reached from outside below /api/v1.
std::span<const route> public_routes();

}  // namespace oficio::gateway
