#pragma once

#include <optional>

#include "platform/events/envelope.hpp"
#include "platform/telemetry/documents.hpp"

namespace oficio::tracing {

// A step that an event takes when the work that raised it is over: its way to the bus, to people's
// sockets. Stands below that work; nothing if that is not recorded. To be filled up and told
// (telemetry::tracer::tell).
std::optional<telemetry::span_facts> step_after(const events::envelope& e);

}  // namespace oficio::tracing
