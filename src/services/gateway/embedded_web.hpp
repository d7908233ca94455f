#pragma once

#include <string_view>

// The built web application, compiled into the program (cmake/web.cmake, cmake/embed.cmake).
namespace oficio::gateway::web {

std::string_view bundle_bin();

}  // namespace oficio::gateway::web
