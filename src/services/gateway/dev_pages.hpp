#pragma once

#include <optional>

#include "platform/base/clock.hpp"
#include "services/gateway/forwarder.hpp"

namespace oficio::gateway {

// True for a person or program on this very machine that speaks to us directly: a loopback peer, no
// trace of a proxy, and a Host that names this machine (a foreign name that resolves to loopback
// would let any web page in).
bool is_from_this_machine(const http::request& r);

// "500ms", "30s", "5m", "73h", "14d"; at most ten years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// Pages for whoever develops on this machine; 404 for everybody else.
void add_dev_pages(http::router& routes, forwarder& to, wall_clock* movable_clock);

}  // namespace oficio::gateway
