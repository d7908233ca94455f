#pragma once

#include <cstdint>
#include <string>

namespace oficio::telemetry::detail {

// The function that an address of this process is in: from the program's symbol table, which is
// read once, when the first is asked for; else "libx.so+0x123" or "0x123".
std::string function_at(std::uintptr_t address);

}  // namespace oficio::telemetry::detail
