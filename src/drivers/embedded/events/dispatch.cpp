#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "drivers/embedded/events/broker_parts.hpp"
#include "platform/events/attempt.hpp"

namespace oficio::embedded {

// The next event to hand out, counted as at work; guard_ held.
std::optional<delivery> broker::next_for(broker_queue& q) {
  if (stopping_ || !q.subscribed || unsettled_.size() + settling_ >= unsettled_limit) {
    return std::nullopt;
  }
  return q.ready.take();
}

// Starts handlers as long as there is something for them and they are not too many. To be called
// after whatever may have made an event ready, a subject free or a handler idle.
void broker::pump(const queue_ptr& q) {
  std::vector<delivery> started;
  {
    std::lock_guard lock(guard_);
    while (q->active < q->options.prefetch) {
      auto next = next_for(*q);
      if (!next) break;
      ++q->active;
      started.push_back(std::move(*next));
    }
  }
  for (auto& d : started) {
    tasks_.spawn(q->declared.name, work(q, std::move(d), active_slot(shared_from_this(), q)));
  }
}

awaitable<void> broker::work(queue_ptr q, delivery first, active_slot slot) {
  auto self = shared_from_this();
  std::optional<delivery> next = std::move(first);
  while (next) {
    auto outcome = co_await events::attempt(q->handle, next->event);
    if (!outcome && tasks_.stopping()) co_return;  // interrupted, not failed: it comes again
    finish(q, *next, outcome);
    {
      std::lock_guard lock(guard_);
      next = next_for(*q);
      if (!next) {
        --q->active;
        slot.forget();
      }
    }
    // Lets others on this thread, even when handlers never wait.
    if (next) co_await boost::asio::post(boost::asio::use_awaitable);
  }
}

void broker::finish(const queue_ptr& q, const delivery& d, const result<void>& outcome) {
  journal::settlement s{.queue_id = q->declared.id, .seq = d.seq, .attempts = d.attempts};
  if (!outcome) {
    s.attempts = d.attempts + 1;
    s.reason = events::reason_of(outcome.error());
    const auto& pauses = q->options.retry_pauses;
    bool again = static_cast<std::size_t>(d.attempts) < pauses.size();
    s.outcome = again ? journal::outcome::retry : journal::outcome::dead;
    s.at = clock_.now();
    if (again) s.at += pauses[static_cast<std::size_t>(d.attempts)];
    events::log_failure(log_, q->declared.name, *d.event, s.attempts, s.reason, again);
  }
  bool wake_keeper = false;
  {
    std::lock_guard lock(guard_);
    q->ready.release(d.event->subject);
    if (q->durable()) {
      unsettled_.push_back(std::move(s));
      wake_keeper = q->behind && q->ready.size() <= window / 2;
    } else {
      wake_keeper = s.outcome == journal::outcome::retry;
      finish_in_memory(*q, d, std::move(s));
    }
  }
  // Its subject's next may be for another handler than this one to take.
  pump(q);
  if (q->durable()) settle_wake_.notify();
  if (wake_keeper) q->wake.notify();
}

// A queue that is not durable keeps no dead letters: they are only logged. guard_ held.
void broker::finish_in_memory(broker_queue& q, const delivery& d, journal::settlement s) {
  if (s.outcome != journal::outcome::retry) return;
  q.next_due = q.next_due ? std::min(*q.next_due, s.at) : s.at;
  q.resting.emplace(s.at, delivery{d.seq, d.event, s.attempts});
}

}  // namespace oficio::embedded
