#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "platform/http/message.hpp"

namespace oficio::gateway {

// The first cookie of that name; empty if there is none.
std::string_view cookie_value(const http::headers& from, std::string_view name);

struct cookie {
  std::string_view name;
  std::string value;
  std::string_view path = "/";
  std::chrono::seconds max_age{0};  // 0: the browser forgets it
  bool http_only = true;            // scripts cannot read it
};

// False if the value could not travel in a cookie as it is (RFC 6265, cookie-octet).
bool is_cookie_value(std::string_view value);

void add_cookie(http::response& to, const cookie& c, bool secure);

}  // namespace oficio::gateway
