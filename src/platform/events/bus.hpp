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
  // Of a queue that is not durable: called, on any thread, when its server had forgotten it, so
  // that events may never come that were published before now. It must not block.
  std::function<void()> missed = {};
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

  // Returns when the events are safely kept (a publisher confirm). After an error all, some or none
  // of them may be kept: the same events are to be published again. Errors: unavailable
  // `events_unavailable`, timeout.
  virtual awaitable<result<void>> publish(const context& ctx, std::vector<envelope> events) = 0;

  // Of the queues that this process has subscribed to, at least; likewise status().
  virtual awaitable<result<std::vector<dead_letter>>> dead_letters(const context& ctx,
                                                                   std::size_t limit) = 0;
  // Hands a dead letter to its queue again, with its attempts forgotten. Errors: not_found.
  virtual awaitable<result<void>> replay(const context& ctx, std::string event_id,
                                         std::string queue_name) = 0;
  virtual awaitable<result<std::vector<queue_status>>> status(const context& ctx) = 0;

  // Is `name` ours, of all processes on this bus? Whoever asks first has it for as long as its way
  // to the bus holds: when that breaks it cannot publish either, and another may have the name. A
  // bus within one process gives all names to it. `poked` is called, on any thread, after each
  // poke() of another process for as long as the name is ours. Errors: unavailable
  // `events_unavailable`, timeout.
  virtual awaitable<result<bool>> lead(const context& ctx, std::string name,
                                       std::function<void()> poked);
  // Tells whoever leads `name` that there is something to do. May be lost.
  virtual void poke(const std::string& name);

  // Takes no more events; waits for the handlers at work, at most so long. What was not
  // acknowledged comes again after the next start.
  virtual awaitable<void> stop(std::chrono::milliseconds at_most) = 0;
};

}  // namespace oficio::events
