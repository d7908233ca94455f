#pragma once

#include <string>
#include <vector>

#include "drivers/rabbitmq/connection.hpp"
#include "platform/base/result.hpp"
#include "platform/events/bus.hpp"

// What operators ask: each call on a connection of its own, which blocks until `until` at most.
// Errors: unavailable `events_unavailable`, timeout `deadline_exceeded`.
namespace oficio::rabbitmq {

struct asked_queue {
  std::string name;
  std::string queue;  // at the server
  bool durable = true;
  std::vector<std::chrono::milliseconds> pauses;
  std::size_t in_hand = 0;  // of this process
};

result<std::vector<events::queue_status>> look(const access& to, steady_time until,
                                               std::vector<asked_queue> queues);

// The oldest of each durable queue, by time. They stay where they are and as they are ordered, also
// when several ask at once: an exclusive queue is the lock under which the dead letters are taken
// in hand and given back.
result<std::vector<events::dead_letter>> list_dead(const access& to, steady_time until,
                                                   const std::vector<asked_queue>& queues,
                                                   std::size_t limit);

// Publishes the dead letter to its queue, and takes it out after the confirm: a crash in between
// leaves both. Errors also: not_found.
result<void> revive(const access& to, steady_time until, const std::string& event_id,
                    const std::string& queue);

}  // namespace oficio::rabbitmq
