#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/base/time.hpp"

namespace oficio {

// A new UUIDv7 (RFC 9562) as lower-case text: its order is the order of time, to the millisecond
// and, within one process, beyond it.
std::string uuid_v7(time_point now);

// The UUIDv5 of a name: the same name gives the same id, for ever.
std::string uuid_v5(std::string_view name);

bool is_uuid(std::string_view text);

// When a UUIDv7 was made; nothing for any other text.
std::optional<time_point> uuid_time(std::string_view id);

}  // namespace oficio
