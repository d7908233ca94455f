#pragma once

#include <memory>
#include <string>

#include "platform/events/bus.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::events {

// One call of a handler, with a deadline of 30 seconds and in the event's trace. An exception is an
// error like any other. What a bus does for each event that it hands out.
awaitable<result<void>> attempt(handler h, std::shared_ptr<const envelope> e);

// An error as a dead letter's reason, at most 1,000 bytes of whole characters.
std::string reason_of(const error& e);

// Logs that the event's attempt number `attempts` failed; `again`: that it will come again.
void log_failure(const telemetry::logger& log, const std::string& queue, const envelope& e,
                 int attempts, const std::string& reason, bool again);

}  // namespace oficio::events
