#pragma once

#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "platform/events/bus.hpp"
#include "platform/events/outbox.hpp"
#include "platform/events/relay.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::hosting {

// What is to be seen of events: what relays publish, what waits in outboxes and queues, and what
// died.
class event_figures {
 public:
  // `to` outlives it; null: nothing is counted.
  explicit event_figures(telemetry::metrics* to) : to_(to) {}

  // For a relay of that service's outbox, which is watched from now on. Null if nothing is counted.
  events::relay_figures* watch(const std::string& service, events::outbox& of);

  // The handler of a queue of that service, counted.
  events::handler count(const std::string& service, const std::string& queue, events::handler h);

  // Looks into outboxes and queues every few seconds; runs until cancelled.
  awaitable<void> sample(events::bus& bus);

 private:
  awaitable<void> sample_outbox(const std::string& service, events::outbox& of);
  awaitable<void> sample_queues(events::bus& bus);

  struct handling {
    telemetry::counter& handled;
    telemetry::counter& failed;
    telemetry::histogram& lag;
  };
  static awaitable<result<void>> counted(const events::handler& h, handling of,
                                         const events::envelope& e, const context& ctx);

  telemetry::metrics* to_;
  std::list<events::relay_figures> relays_;
  std::vector<std::pair<std::string, events::outbox*>> outboxes_;
};

}  // namespace oficio::hosting
