#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace oficio {

// Wall time, UTC, to the millisecond: what is stored, sent and shown.
using time_point = std::chrono::sys_time<std::chrono::milliseconds>;

// RFC 3339 in UTC with milliseconds: 2026-01-31T09:30:00.000Z.
std::string format_time(time_point t);

// Reads RFC 3339 with any offset and up to nanoseconds (cut to milliseconds).
std::optional<time_point> parse_time(std::string_view text);

}  // namespace oficio
