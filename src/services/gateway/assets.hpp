#pragma once

#include <string>
#include <string_view>

#include "platform/http/router.hpp"

namespace oficio::gateway {

// Serves `content`, which must live as long as the program, at `path`: with an ETag of its bytes,
// asked again each time (no-cache) and sent only when it changed, under that
// Content-Security-Policy.
void add_asset(http::router& routes, std::string path, std::string_view content,
               std::string_view type, std::string_view policy);

}  // namespace oficio::gateway
