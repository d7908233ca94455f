#pragma once

#include <string_view>

// Files of data/ that the build compiles in (oficio_embed).
namespace oficio::sample::embedded {

std::string_view market_json();

}  // namespace oficio::sample::embedded
