#pragma once

#include <memory>
#include <string>

#include "platform/events/bus.hpp"
#include "platform/events/outbox.hpp"
#include "platform/telemetry/log.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::events {

// Publishes an outbox's events, in order, and takes them out only after the bus has confirmed them.
// Wakes on the outbox's notifier and, in case another process wrote, once a second. When the bus is
// away it tries again with growing pauses. Runs until cancelled; spawn it in a task group.
// `from`, `to` and `count` must outlive it.
struct relay_figures {
  telemetry::counter& published;
  telemetry::counter& failures;  // rounds that ended with an error
  telemetry::histogram& lag;     // from an event's change to its publication
};
// With a `right` it publishes only while it has that of the bus: one of all instances does.
awaitable<void> run_relay(outbox& from, bus& to, telemetry::logger log,
                          relay_figures* count = nullptr, std::string right = {});

// One round: publishes what is pending, until nothing is. For a stop's flush and for tests.
awaitable<result<std::size_t>> relay_once(const context& ctx, outbox& from, bus& to);

}  // namespace oficio::events
