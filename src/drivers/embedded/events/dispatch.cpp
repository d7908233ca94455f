#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "drivers/embedded/events/broker_parts.hpp"

namespace oficio::embedded {
namespace {

constexpr std::size_t longest_reason = 1'000;

std::string reason_of(const error& e) {
  std::string reason = e.code + ": " + e.detail;
  if (reason.size() > longest_reason) reason.resize(longest_reason);
  return reason;
}

}  // namespace

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
    auto outcome = co_await attempt(q, *next);
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

awaitable<result<void>> broker::attempt(queue_ptr q, delivery d) {
  auto ctx = context::for_system(std::chrono::seconds(30));
  ctx.request_id = d.event->id;
  if (auto trace = trace_context::from_header(d.event->traceparent)) ctx.trace = *trace;
  try {
    co_return co_await q->handle(*d.event, ctx);
  } catch (const std::exception& e) {
    co_return error{errc::internal, "exception", e.what()};
  } catch (...) {
    co_return error{errc::internal, "exception", "An exception of unknown type."};
  }
}

void broker::finish(const queue_ptr& q, const delivery& d, const result<void>& outcome) {
  journal::settlement s{.queue_id = q->declared.id, .seq = d.seq, .attempts = d.attempts};
  if (!outcome) {
    s.attempts = d.attempts + 1;
    s.reason = reason_of(outcome.error());
    const auto& pauses = q->options.retry_pauses;
    bool again = static_cast<std::size_t>(d.attempts) < pauses.size();
    s.outcome = again ? journal::outcome::retry : journal::outcome::dead;
    s.at = clock_.now();
    if (again) s.at += pauses[static_cast<std::size_t>(d.attempts)];
    std::vector<telemetry::field> fields = {{"oficio.queue", q->declared.name},
                                            {"event.id", d.event->id},
                                            {"event.action", d.event->type},
                                            {"oficio.attempts", s.attempts},
                                            {"error.message", s.reason}};
    if (again) {
      log_.warn("An event could not be handled and will come again.", std::move(fields));
    } else {
      log_.error("An event could not be handled; it rests as a dead letter.", std::move(fields));
    }
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
