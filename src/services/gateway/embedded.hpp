#pragma once

#include <string_view>

// The files of page/, compiled into the program (cmake/embed.cmake).
namespace oficio::gateway::embedded {

std::string_view index_html();
std::string_view page_js();
std::string_view page_css();

}  // namespace oficio::gateway::embedded
