#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/events/envelope.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::events {

// A consumer's queue. Every durable queue keeps its events over restarts, whether somebody listens
// or not, from the first time it was declared.
struct queue {
  std::string name;  // "orders.gigs"
  std::vector<std::string>
      patterns;               // routing keys as AMQP topics match them: "gigs.gig.*", "auth.#"
  bool durable = true;        // false: only for as long as the subscription lives
  std::size_t prefetch = 32;  // how many are handled at once, over all subjects
  // The pauses before the second, third, … attempt; after the last the event rests as a dead
  // letter.
  std::vector<std::chrono::milliseconds> retry_pauses = {
      std::chrono::milliseconds(200), std::chrono::seconds(1), std::chrono::seconds(5),
      std::chrono::seconds(30),       std::chrono::minutes(2), std::chrono::minutes(10)};
};

// Success acknowledges; an error or an exception means another attempt. Must be harmless when it is
// called twice, or late, for the same event.
using handler = std::function<awaitable<result<void>>(const envelope& e, const context& ctx)>;

struct dead_letter {
  envelope event;
  std::string queue;
  std::string reason;  // what the last attempt said
  int attempts = 0;
  time_point died_at;
};

struct queue_status {
  std::string name;
  std::size_t waiting = 0;  // ready, in hand or between attempts
  std::size_t dead = 0;
};

// A durable topic exchange. Events of one subject reach a queue's handler one after another in the
// order in which they were published; only a retry may let later ones pass.
class bus {
 public:
  virtual ~bus() = default;

  // Declares the queue and starts handing its events to `h`, on strands of the bus's own, until
  // stop(). To be called before anybody publishes what it should get.
  virtual awaitable<result<void>> subscribe(queue q, handler h) = 0;

  // Returns when the events are safely kept (a publisher confirm). All or none of the call's
  // events. Errors: unavailable `events_unavailable`, timeout.
  virtual awaitable<result<void>> publish(const context& ctx, std::vector<envelope> events) = 0;

  virtual awaitable<result<std::vector<dead_letter>>> dead_letters(const context& ctx,
                                                                   std::size_t limit) = 0;
  // Hands a dead letter to its queue again, with its attempts forgotten. Errors: not_found.
  virtual awaitable<result<void>> replay(const context& ctx, std::string event_id,
                                         std::string queue_name) = 0;
  virtual awaitable<result<std::vector<queue_status>>> status(const context& ctx) = 0;

  // Does it answer? Cheap, and asks nobody who is known to be away.
  virtual awaitable<result<void>> ping(const context& ctx) = 0;

  // True if this process is the one, of all that share the bus, that has the right of that name
  // now. Who asks for it first has it, until its process or its connection ends; then another of
  // those that ask. Does not wait: to be asked again and again.
  virtual bool holds(const std::string& right) = 0;

  // Takes no more events; waits for the handlers at work, at most so long. What was not
  // acknowledged comes again after the next start.
  virtual awaitable<void> stop(std::chrono::milliseconds at_most) = 0;
};

}  // namespace oficio::events
