#pragma once

#include <string_view>

// Files of data/ that the build compiles in (oficio_embed).
namespace oficio::sample::embedded {

std::string_view market_json();
std::string_view pictures_bin();

}  // namespace oficio::sample::embedded
