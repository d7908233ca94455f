#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/cache/cache.hpp"
#include "platform/security/rate_limit.hpp"

namespace oficio::gateway {

// Makes one limit hold for all gateways together. Each decides alone and at once by its own
// limiter; now and then it adds what it let through to counters in the cache, and charges its own
// limiter with what the others had let through. So no request waits for the cache, and while it is
// away each gateway keeps the limit for itself. Between two exchanges a client that goes to many
// gateways may get ahead of the limit, and pays for it after the next.
//
// Remembers at most 100,000 keys; of more, the newest are not shared. Thread-safe.
class shared_taking {
 public:
  // `mine` and `clock` outlive it.
  shared_taking(std::string limit, security::rate r, security::rate_limiter& mine,
                const wall_clock& clock);

  // One was let through here.
  void taken(std::string_view key);

  // Tells and learns; one exchange at a time. A cache that fails is left alone until the next.
  awaitable<void> exchange(cache::store& over);

 private:
  struct taking {
    std::string key;
    std::int64_t count = 0;
  };
  struct round;

  std::vector<taking> take_new();
  void keep_for_later(std::vector<taking> untold);
  void begin_window(time_point now);
  awaitable<void> tell(round& all);
  void learn(const taking& mine, std::int64_t sum, time_point now);

  const std::string limit_;
  const security::rate rate_;
  security::rate_limiter& mine_;
  const wall_clock& clock_;
  std::mutex guard_;
  std::unordered_map<std::string, std::int64_t> new_;   // under guard_: not told yet
  std::unordered_map<std::string, std::int64_t> sums_;  // of this window, as last heard
  std::int64_t window_ = 0;
};

}  // namespace oficio::gateway
