#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "drivers/rabbitmq/broker.hpp"
#include "drivers/rabbitmq/topology.hpp"
#include "platform/events/attempt.hpp"
#include "platform/events/topic.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::rabbitmq {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{500};
constexpr milliseconds longest_pause{10'000};

}  // namespace

// Counts a handler at work, however its coroutine ends.
class broker::active_slot {
 public:
  active_slot(std::shared_ptr<broker> of, subscription_ptr q)
      : of_(std::move(of)), q_(std::move(q)) {}
  active_slot(active_slot&& other) noexcept = default;
  active_slot& operator=(active_slot&&) = delete;
  ~active_slot() {
    if (!of_) return;
    std::lock_guard lock(of_->guard_);
    --q_->active;
  }
  // The count was taken down under the lock already.
  void forget() { of_.reset(); }

 private:
  std::shared_ptr<broker> of_;
  subscription_ptr q_;
};

void broker::on_delivery(const listened_ptr& q, std::int64_t number, message m) {
  auto to = std::static_pointer_cast<subscription>(q);
  auto event = to_event(m);
  if (!event) {
    m.reason = events::reason_of(event.error());
    log_.error("A message is no event.", {{"oficio.queue", q->queue}, {"error.message", m.reason}});
    if (auto self = weak_from_this().lock()) {
      tasks_.spawn(q->queue + " burial", self->bury(to, number, std::move(m)));
    }
    return;
  }
  // The server keeps bindings of an older version of this program.
  bool wanted = std::ranges::any_of(to->options.patterns, [&](const std::string& pattern) {
    return events::topic_matches(pattern, event->type);
  });
  if (!wanted) {
    consumer_.acknowledge(q, number);
    return;
  }
  {
    std::lock_guard lock(guard_);
    auto shared = std::make_shared<const events::envelope>(std::move(*event));
    to->ready.add({number, std::move(shared), m.attempts}, true);
  }
  pump(to);
}

void broker::on_restart(const listened_ptr& q) {
  std::lock_guard lock(guard_);
  std::static_pointer_cast<subscription>(q)->ready.clear();
}

// Starts handlers as long as there is something for them and they are not too many. To be called
// after whatever may have made an event ready, a subject free or a handler idle.
void broker::pump(const subscription_ptr& q) {
  auto self = weak_from_this().lock();
  if (!self) return;
  std::vector<events::delivery> started;
  {
    std::lock_guard lock(guard_);
    while (!stopping_ && q->active < q->options.prefetch) {
      auto next = q->ready.take();
      if (!next) break;
      ++q->active;
      started.push_back(std::move(*next));
    }
  }
  for (auto& d : started) {
    tasks_.spawn(q->queue, work(q, std::move(d), active_slot(self, q)));
  }
}

awaitable<void> broker::work(subscription_ptr q, events::delivery first, active_slot slot) {
  auto self = shared_from_this();
  std::optional<events::delivery> next = std::move(first);
  while (next) {
    auto outcome = co_await events::attempt(q->handle, next->event);
    if (!outcome && tasks_.stopping()) co_return;  // interrupted, not failed: it comes again
    co_await finish(q, *next, std::move(outcome));
    auto subject = next->event->subject;
    {
      std::lock_guard lock(guard_);
      q->ready.release(subject);
      next = stopping_ ? std::nullopt : q->ready.take();
      if (!next) {
        --q->active;
        slot.forget();
      }
    }
    // Its subject's next may be for another handler than this one to take.
    pump(q);
    // Lets others on this thread, even when handlers never wait.
    if (next) co_await boost::asio::post(boost::asio::use_awaitable);
  }
}

awaitable<void> broker::finish(subscription_ptr q, events::delivery d, result<void> outcome) {
  if (outcome) {
    consumer_.acknowledge(q, d.seq);
    co_return;
  }
  const auto& pauses = q->options.retry_pauses;
  bool again = static_cast<std::size_t>(d.attempts) < pauses.size();
  auto pause = again ? pauses[static_cast<std::size_t>(d.attempts)] : milliseconds(0);
  auto reason = events::reason_of(outcome.error());
  ++d.attempts;
  events::log_failure(log_, q->options.name, *d.event, d.attempts, reason, again);
  if (!q->options.durable) {
    // Keeps no dead letters: they are only logged.
    if (again) {
      tasks_.spawn(q->queue + " pause", rest(q, std::move(d), pause));
    } else {
      consumer_.acknowledge(q, d.seq);
    }
    co_return;
  }
  auto m = to_message(*d.event);
  m.attempts = d.attempts;
  m.reason = std::move(reason);
  if (!again) m.died_at = clock_.now();
  auto to = again ? retry_queue(q->queue, pause) : dead_queue(q->queue);
  co_await move_on(q, d.seq, std::move(to), std::move(m));
}

// A pause in memory; the event stays in hand meanwhile.
awaitable<void> broker::rest(subscription_ptr q, events::delivery d, milliseconds pause) {
  auto self = shared_from_this();
  co_await runtime::sleep_for(pause);
  {
    std::lock_guard lock(guard_);
    if (d.seq > q->stale) q->ready.add(std::move(d), true);
  }
  pump(q);
}

awaitable<void> broker::bury(subscription_ptr q, std::int64_t number, message m) {
  auto self = shared_from_this();
  if (!q->options.durable) {
    consumer_.acknowledge(q, number);
    co_return;
  }
  m.died_at = clock_.now();
  co_await move_on(q, number, dead_queue(q->queue), std::move(m));
}

// Publishes to that queue, then acknowledges. Until that works the event stays in hand, so that
// nothing more than the window comes while it does not.
awaitable<void> broker::move_on(subscription_ptr q, std::int64_t number, std::string to,
                                message m) {
  for (auto pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    std::vector<outgoing> out;
    out.push_back({"", to, true, m});
    auto moved = co_await publisher_.publish(context::for_system(), std::move(out));
    if (moved) break;
    if (number <= q->stale) co_return;  // it comes again anyway
    log_.warn("A failed event cannot be put aside just now.",
              {{"oficio.queue", to}, {"error.message", moved.error().detail}});
    co_await runtime::sleep_for(pause);
  }
  consumer_.acknowledge(q, number);
}

}  // namespace oficio::rabbitmq
