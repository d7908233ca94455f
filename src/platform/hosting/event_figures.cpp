#include "platform/hosting/event_figures.hpp"

#include <algorithm>

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include "platform/runtime/timing.hpp"

namespace oficio::hosting {
namespace {

constexpr std::chrono::seconds interval{10};
constexpr std::size_t counted_at_most = 1'000;  // more is told as so many

double age_of_oldest(const std::vector<events::envelope>& waiting) {
  double oldest = 0;
  auto now = std::chrono::system_clock::now();
  for (const auto& e : waiting) {
    oldest = std::max(oldest, std::chrono::duration<double>(now - e.time).count());
  }
  return oldest;
}

}  // namespace

events::relay_figures* event_figures::watch(const std::string& service, events::outbox& of) {
  if (!to_) return nullptr;
  outboxes_.emplace_back(service, &of);
  telemetry::labels by{{"service", service}};
  relays_.push_back(
      {to_->count("oficio_events_published_total", "Events that the bus has confirmed", by),
       to_->count("oficio_events_relay_failures_total", "Rounds of a relay that failed", by),
       to_->durations("oficio_events_relay_lag_seconds",
                      "From a change to the publication of its event", by)});
  return &relays_.back();
}

// Not a lambda: what it holds must live as long as the handling, which the handler does.
awaitable<result<void>> event_figures::counted(const events::handler& h, handling of,
                                               const events::envelope& e, const context& ctx) {
  result<void> out;
  try {
    out = co_await h(e, ctx);
  } catch (...) {
    of.failed.add();
    throw;
  }
  if (!out.has_value()) {
    of.failed.add();
    co_return out;
  }
  of.handled.add();
  // What is told again happened long ago.
  if (!e.republished) {
    auto age = std::chrono::duration<double>(std::chrono::system_clock::now() - e.time).count();
    of.lag.observe(std::max(0.0, age));
  }
  co_return out;
}

events::handler event_figures::count(const std::string& service, const std::string& queue,
                                     events::handler h) {
  if (!to_) return h;
  telemetry::labels by{{"queue", queue}};
  handling of{
      to_->count("oficio_events_handled_total", "Events that a queue's consumer has handled", by),
      to_->count("oficio_events_failed_attempts_total",
                 "Attempts to handle an event that failed: it comes again, or dies", by),
      to_->durations("oficio_events_lag_seconds",
                     "From a change to the end of the handling of its event, retries included",
                     {{"service", service}})};
  auto kept = std::make_shared<const events::handler>(std::move(h));
  return [kept, of](const events::envelope& e, const context& ctx) {
    return counted(*kept, of, e, ctx);
  };
}

awaitable<void> event_figures::sample(events::bus& bus) {
  using boost::asio::cancellation_type;
  namespace this_coro = boost::asio::this_coro;
  while (to_) {
    for (const auto& [service, outbox] : outboxes_) co_await sample_outbox(service, *outbox);
    co_await sample_queues(bus);
    co_await runtime::sleep_for(interval);
    if ((co_await this_coro::cancellation_state).cancelled() != cancellation_type::none) co_return;
  }
}

awaitable<void> event_figures::sample_outbox(const std::string& service, events::outbox& of) {
  auto ctx = context::for_system(std::chrono::seconds(5));
  auto waiting = co_await of.pending(ctx, counted_at_most);
  if (!waiting.has_value()) co_return;  // readiness tells
  telemetry::labels by{{"service", service}};
  to_->level("oficio_events_outbox_waiting", "Events that are not published yet (1000: or more)",
             by)
      .set(static_cast<double>(std::min(waiting->size(), counted_at_most)));
  to_->level("oficio_events_outbox_oldest_seconds", "Age of the oldest such event", by)
      .set(age_of_oldest(*waiting));
}

awaitable<void> event_figures::sample_queues(events::bus& bus) {
  auto ctx = context::for_system(std::chrono::seconds(5));
  auto queues = co_await bus.status(ctx);
  if (!queues.has_value()) co_return;
  for (const auto& q : *queues) {
    telemetry::labels by{{"queue", q.name}};
    to_->level("oficio_events_queue_waiting", "Events that a queue has not handled yet", by)
        .set(static_cast<double>(q.waiting));
    to_->level("oficio_events_queue_dead", "Events that a queue could not handle", by)
        .set(static_cast<double>(q.dead));
  }
}

}  // namespace oficio::hosting
