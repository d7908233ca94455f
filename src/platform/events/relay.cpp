#include "platform/events/relay.hpp"

#include <algorithm>
#include <optional>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include "platform/runtime/timing.hpp"

namespace oficio::events {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t batch = 100;
constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{5'000};
constexpr milliseconds take_over_within{1'000};

void note(relay_figures& count, const std::vector<envelope>& published) {
  auto now = std::chrono::system_clock::now();
  count.published.add(published.size());
  // The clock of changes may run ahead, where tests move it.
  for (const auto& e : published) {
    count.lag.observe(
        std::max(std::chrono::nanoseconds(0), std::chrono::nanoseconds(now - e.time)));
  }
}

// One batch: how many events were published and taken out.
awaitable<result<std::size_t>> relay_batch(const context& ctx, outbox& from, bus& to,
                                           relay_figures* count) {
  CO_TRY(auto events, co_await from.pending(ctx, batch));
  if (events.empty()) co_return std::size_t{0};
  // An outbox may give a document's events together even beyond the limit.
  for (std::size_t at = 0; at < events.size(); at += batch) {
    auto begin = events.begin() + static_cast<std::ptrdiff_t>(at);
    std::vector<envelope> part(
        begin, begin + static_cast<std::ptrdiff_t>(std::min(batch, events.size() - at)));
    CO_TRY_VOID(co_await to.publish(ctx, part));
    if (count) note(*count, part);
    CO_TRY_VOID(co_await from.confirmed(ctx, part));
  }
  co_return events.size();
}

// Nothing: another process relays.
awaitable<result<std::optional<std::size_t>>> lead_and_relay(const context& ctx, outbox& from,
                                                             bus& to, relay_figures* count,
                                                             const std::string& lease) {
  if (!lease.empty()) {
    CO_TRY(bool ours, co_await to.lead(ctx, lease, [&from] { from.changed().notify(); }));
    if (!ours) co_return std::nullopt;
  }
  CO_TRY(auto sent, co_await relay_batch(ctx, from, to, count));
  co_return std::optional(sent);
}

}  // namespace

awaitable<result<std::size_t>> relay_once(const context& ctx, outbox& from, bus& to,
                                          std::string lease) {
  std::size_t sum = 0;
  for (;;) {
    CO_TRY(auto count, co_await lead_and_relay(ctx, from, to, nullptr, lease));
    if (count.value_or(0) == 0) co_return sum;
    sum += *count;
  }
}

awaitable<void> run_relay(outbox& from, bus& to, telemetry::logger log, relay_figures* count,
                          std::string lease) {
  milliseconds pause = first_pause;
  bool told = false;
  for (;;) {
    // A deadline for each batch and none for the round: a long backlog is no failure.
    auto sent = co_await lead_and_relay(context::for_system(seconds(30)), from, to, count, lease);
    auto cancelled = (co_await boost::asio::this_coro::cancellation_state).cancelled();
    if (cancelled != boost::asio::cancellation_type::none) co_return;
    if (!sent) {
      if (count) count->failures.add();
      if (!told) {
        log.warn("Events wait: they cannot be published just now.",
                 {{"error.code", sent.error().code}, {"error.message", sent.error().detail}});
      }
      told = true;
      co_await runtime::sleep_for(pause);
      pause = std::min(pause * 2, longest_pause);
      continue;
    }
    if (told) log.info("Events are published again.");
    told = false;
    pause = first_pause;
    if (!*sent) {
      if (co_await from.changed().wait(take_over_within)) to.poke(lease);
      continue;
    }
    if (**sent == 0) co_await from.changed().wait(seconds(1));
  }
}

}  // namespace oficio::events
