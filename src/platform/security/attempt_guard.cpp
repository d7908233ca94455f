#include "platform/security/attempt_guard.hpp"

#include <algorithm>
#include <cmath>
#include <list>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

#include <boost/asio/ip/address.hpp>

#include "platform/base/random.hpp"

namespace oficio::security {

struct attempt_guard::state {
  struct record {
    std::string key;
    double failures = 0;
    time_point counted_at;  // when `failures` was right
    time_point closed_until;
  };
  using recent = std::list<record>;  // the last used first

  state(patience p, const wall_clock& c, std::size_t n) : limits(p), clock(c), max_keys(n) {}

  // Under the lock; the record moves to the front.
  record* find(std::string_view key, time_point now) {
    auto found = by_key.find(key);
    if (found == by_key.end()) return nullptr;
    records.splice(records.begin(), records, found->second);
    fade(records.front(), now);
    return &records.front();
  }

  record& find_or_add(std::string_view key, time_point now) {
    if (auto* known = find(key, now)) return *known;
    if (records.size() >= max_keys) drop(std::prev(records.end()));
    records.push_front({std::string(key), 0, now, {}});
    by_key.emplace(records.front().key, records.begin());
    return records.front();
  }

  void fade(record& r, time_point now) const {
    if (now <= r.counted_at) return;
    double quiet = static_cast<double>((now - r.counted_at).count());
    r.failures = std::max(0.0, r.failures - quiet / double(limits.forgets_one_in.count()));
    r.counted_at = now;
  }

  void drop(recent::iterator which) {
    by_key.erase(which->key);
    records.erase(which);
  }

  // Those who were quiet for long enough that nothing of them matters. Two at a time keep up with
  // one added at a time.
  void forget_quiet(time_point now) {
    for (int i = 0; i < 2 && !records.empty(); ++i) {
      auto& last = records.back();
      fade(last, now);
      if (last.failures > 0 || last.closed_until > now) return;
      drop(std::prev(records.end()));
    }
  }

  std::chrono::milliseconds delay_after(double failures) const {
    double beyond = failures - limits.free;
    if (beyond <= 0) return {};
    double delay = double(limits.first_delay.count()) * std::exp2(std::min(beyond, 40.0) - 1);
    return std::chrono::milliseconds(
        std::llround(std::min(delay, double(limits.longest_delay.count()))));
  }

  const patience limits;
  const wall_clock& clock;
  const std::size_t max_keys;
  std::mutex guard;
  recent records;
  std::unordered_map<std::string_view, recent::iterator> by_key;  // the keys live in the records
};

attempt_guard::attempt_guard(patience p, const wall_clock& clock, std::size_t max_keys)
    : state_(std::make_unique<state>(p, clock, max_keys)) {
  if (p.free < 0 || p.forgets_one_in.count() <= 0 || max_keys == 0) {
    throw std::invalid_argument("an attempt guard needs limits above zero");
  }
}

attempt_guard::~attempt_guard() = default;

result<void> attempt_guard::begin(std::string_view key) {
  if (state_->limits.free == 0) return {};
  auto now = state_->clock.now();
  std::lock_guard lock(state_->guard);
  state_->forget_quiet(now);
  auto& r = state_->find_or_add(key, now);
  if (r.closed_until > now) {
    return error{errc::too_many,
                 "rate_limited",
                 "Too many attempts; wait a little.",
                 {},
                 std::chrono::ceil<std::chrono::seconds>(r.closed_until - now)};
  }
  r.failures += 1;
  r.closed_until = now + state_->delay_after(r.failures);
  return {};
}

void attempt_guard::forgive(std::string_view key) {
  auto now = state_->clock.now();
  std::lock_guard lock(state_->guard);
  auto* r = state_->find(key, now);
  if (!r) return;
  r->failures = std::max(0.0, r->failures - 1);
  if (r->failures <= state_->limits.free) r->closed_until = {};
}

void attempt_guard::forget(std::string_view key) {
  std::lock_guard lock(state_->guard);
  if (auto found = state_->by_key.find(key); found != state_->by_key.end()) {
    state_->drop(found->second);
  }
}

std::size_t attempt_guard::size() const {
  std::lock_guard lock(state_->guard);
  return state_->records.size();
}

std::string client_key(std::string_view address) {
  boost::system::error_code failure;
  auto parsed = boost::asio::ip::make_address(std::string(address), failure);
  if (failure || parsed.is_v4()) return std::string(address);
  auto v6 = parsed.to_v6();
  if (v6.is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
  }
  auto bytes = v6.to_bytes();
  return to_hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), 8));
}

}  // namespace oficio::security
