#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace oficio {

// Bytes from the system's secure generator.
std::string random_bytes(std::size_t count);
std::string random_hex(std::size_t bytes);

std::string to_hex(std::string_view bytes);

}  // namespace oficio
