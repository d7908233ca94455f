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
//
// Of several processes on one store, one relays: the one that leads `lease` on the bus. The others
// tell it when they have written, and look once a second whether it has gone. Empty: this one
// relays, whoever else does.
struct relay_figures {
  telemetry::counter& published;
  telemetry::counter& failures;  // rounds that ended with an error
  telemetry::histogram& lag;     // from an event's change to its publication
};
awaitable<void> run_relay(outbox& from, bus& to, telemetry::logger log,
                          relay_figures* count = nullptr, std::string lease = {});

// One round: publishes what is pending, until nothing is; nothing if another process leads `lease`.
// For a stop's flush and for tests.
awaitable<result<std::size_t>> relay_once(const context& ctx, outbox& from, bus& to,
                                          std::string lease = {});

}  // namespace oficio::events
