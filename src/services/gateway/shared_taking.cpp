#include "services/gateway/shared_taking.hpp"

#include <algorithm>
#include <memory>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace oficio::gateway {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_keys = 100'000;
constexpr std::size_t at_once = 32;
constexpr std::chrono::milliseconds patience{500};

}  // namespace

// What one exchange tells, by several coroutines on the strand of who waits for them.
struct shared_taking::round {
  explicit round(const asio::any_io_executor& strand) : settled(strand) {
    settled.expires_at(steady_time::max());
  }

  cache::store* over = nullptr;
  context ctx = context::for_system(patience);
  std::vector<taking> all;
  std::size_t next = 0;
  bool failed = false;
  std::size_t open = 0;
  asio::steady_timer settled;
};

shared_taking::shared_taking(std::string limit, security::rate r, security::rate_limiter& mine,
                             const wall_clock& clock)
    : limit_(std::move(limit)), rate_(r), mine_(mine), clock_(clock) {}

void shared_taking::taken(std::string_view key) {
  std::lock_guard lock(guard_);
  std::string name(key);
  if (auto found = new_.find(name); found != new_.end()) {
    ++found->second;
  } else if (new_.size() < most_keys) {
    new_.emplace(std::move(name), 1);
  }
}

std::vector<shared_taking::taking> shared_taking::take_new() {
  decltype(new_) all;
  {
    std::lock_guard lock(guard_);
    all.swap(new_);
  }
  std::vector<taking> out;
  out.reserve(all.size());
  for (auto& [key, count] : all) out.push_back({key, count});
  return out;
}

void shared_taking::keep_for_later(std::vector<taking> untold) {
  std::lock_guard lock(guard_);
  for (auto& one : untold) {
    if (new_.size() < most_keys) new_[std::move(one.key)] += one.count;
  }
}

// Counters are per window of the time in which a bucket refills: they end by themselves, and what
// is older is refilled in any case.
void shared_taking::begin_window(time_point now) {
  auto window = now.time_since_epoch() / rate_.refill_all_in;
  if (std::exchange(window_, window) != window || sums_.size() > most_keys) sums_.clear();
}

awaitable<void> shared_taking::exchange(cache::store& over) {
  begin_window(clock_.now());
  auto all = take_new();
  if (all.empty()) co_return;
  // Whoever stops us must not leave the tellers behind with what is ours.
  co_await asio::this_coro::throw_if_cancelled(false);
  auto strand = co_await asio::this_coro::executor;
  auto now = std::make_shared<round>(strand);
  now->over = &over;
  now->all = std::move(all);
  now->open = std::min(at_once, now->all.size());
  for (std::size_t i = 0, tellers = now->open; i < tellers; ++i) {
    asio::co_spawn(strand, tell(*now), [now](std::exception_ptr) {
      if (--now->open == 0) now->settled.cancel();
    });
  }
  while (now->open > 0) {
    boost::system::error_code ignored;
    co_await now->settled.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_await asio::this_coro::throw_if_cancelled(true);
  if (now->next >= now->all.size()) co_return;
  now->all.erase(now->all.begin(), now->all.begin() + static_cast<std::ptrdiff_t>(now->next));
  keep_for_later(std::move(now->all));
}

awaitable<void> shared_taking::tell(round& now) {
  while (!now.failed && now.next < now.all.size()) {
    const auto& mine = now.all[now.next++];
    auto key = "limit." + limit_ + "." + std::to_string(window_) + "." + mine.key;
    auto sum = co_await now.over->add(now.ctx, std::move(key), mine.count, 2 * rate_.refill_all_in);
    // Whether it was counted is not known then: in doubt for the client.
    if (sum.has_error()) {
      now.failed = true;
    } else {
      learn(mine, *sum, clock_.now());
    }
  }
}

void shared_taking::learn(const taking& mine, std::int64_t sum, time_point now) {
  auto [known, first] = sums_.try_emplace(mine.key, 0);
  auto others = static_cast<double>(sum - known->second - mine.count);
  known->second = sum;
  // When the others took theirs is not known; what may have been refilled since is not charged.
  if (first) {
    auto whole = rate_.refill_all_in;
    auto passed = now.time_since_epoch() % whole;
    others -=
        rate_.burst * static_cast<double>(passed.count()) / static_cast<double>(whole.count());
  }
  if (others > 0) mine_.charge(mine.key, others);
}

}  // namespace oficio::gateway
