#pragma once

#include "platform/archive/archive.hpp"
#include "platform/http/query.hpp"

namespace oficio::gateway {

// What `from` and `to` (RFC 3339) of a query say; without them the last hour. At most 31 days, and
// at least a second. Error: invalid `validation_failed`.
result<archive::time_range> read_range(http::query_reader& query, time_point now);

// Where a request that began then is found, at whichever service, though clocks differ a little.
archive::time_range around(time_point at);

// A step that divides it into about sixty, of a length that people read easily.
std::chrono::seconds step_of(archive::time_range when);

}  // namespace oficio::gateway
