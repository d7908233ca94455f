#include "platform/security/rate_limit.hpp"

#include <cmath>
#include <map>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

namespace oficio::security {
namespace {

using steady = std::chrono::steady_clock;

}  // namespace

// A bucket is one number: when it will be full again. What is missing now follows from it, and the
// fullest bucket is the one with the earliest time, so both giving up full buckets and making room
// are a look at the front of an ordered map.
struct rate_limiter::state {
  using by_time = std::multimap<steady::time_point, const std::string*>;

  rate limits;
  std::size_t max_keys;
  std::mutex guard;
  std::unordered_map<std::string, by_time::iterator> buckets;
  by_time order;

  // How long a bucket takes to refill that much.
  steady::duration price(double cost) const {
    double share = std::min(std::max(cost, 0.0) / limits.burst, 2.0);
    return std::chrono::duration_cast<steady::duration>(
        std::chrono::duration<double, steady::period>(static_cast<double>(whole().count()) *
                                                      share));
  }

  steady::duration whole() const {
    return std::chrono::duration_cast<steady::duration>(limits.refill_all_in);
  }

  // Two at a time keep up with one added at a time.
  void forget_full(steady::time_point now) {
    for (int i = 0; i < 2 && !order.empty() && order.begin()->first <= now; ++i) forget_first();
  }

  void forget_first() {
    auto first = order.begin();
    buckets.erase(buckets.find(*first->second));
    order.erase(first);
  }

  steady::time_point full_at(const std::string& key, steady::time_point now) const {
    auto found = buckets.find(key);
    return found == buckets.end() ? now : std::max(now, found->second->first);
  }

  void keep(const std::string& key, steady::time_point full) {
    auto [at, added] = buckets.try_emplace(key);
    if (!added) order.erase(at->second);
    at->second = order.emplace(full, &at->first);
    if (buckets.size() > max_keys) forget_first();
  }
};

rate_limiter::rate_limiter(rate r, std::size_t max_keys)
    : state_(std::make_unique<state>(r, max_keys)) {
  if (!(r.burst > 0) || r.refill_all_in.count() <= 0 || max_keys == 0) {
    throw std::invalid_argument("a rate limit needs a burst, a time and room for one key");
  }
}

rate_limiter::~rate_limiter() = default;

std::size_t rate_limiter::size() const {
  std::lock_guard lock(state_->guard);
  return state_->buckets.size();
}

result<void> rate_limiter::take(std::string_view key, double cost) {
  auto now = steady::now();
  auto whole = state_->whole();
  auto price = state_->price(cost);

  std::lock_guard lock(state_->guard);
  state_->forget_full(now);
  std::string name(key);
  auto full = state_->full_at(name, now) + price;
  if (full - now <= whole) {
    if (price.count() > 0) state_->keep(name, full);
    return {};
  }
  auto wait = std::chrono::ceil<std::chrono::seconds>(full - now - whole);
  return error{errc::too_many,
               "rate_limited",
               "Too many requests; wait a little.",
               {},
               std::max(wait, std::chrono::seconds(1))};
}

void rate_limiter::charge(std::string_view key, double cost) {
  auto now = steady::now();
  auto price = state_->price(cost);
  if (price.count() == 0) return;
  std::lock_guard lock(state_->guard);
  state_->forget_full(now);
  std::string name(key);
  state_->keep(name, std::min(state_->full_at(name, now) + price, now + state_->whole()));
}

}  // namespace oficio::security
