#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "drivers/embedded/sqlite/connection.hpp"

namespace oficio::embedded {

// Opens a file of telemetry for writing, and makes its table, or what has been added since the file
// was made. One of a later version of this program, or none that SQLite can read, throws
// sqlite_error.
std::unique_ptr<connection> open_telemetry(const std::string& path);

// Takes out one small batch of what is older than `keep`, or else of browsers' oldest where theirs
// take more than a quarter of `max_bytes`, or else of the oldest where the file has more than
// `max_bytes` in use. True if there is more to do.
bool purge_telemetry(connection& from, std::chrono::hours keep, std::int64_t max_bytes);

}  // namespace oficio::embedded
