#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "platform/base/result.hpp"

namespace oficio::security {

// So many in so long: a token bucket that starts full and refills evenly.
struct rate {
  double burst = 100;
  std::chrono::milliseconds refill_all_in{60'000};
};

// Buckets by key (an address, an account), in memory, at most `max_keys` (the fullest go first:
// they forget nothing). Thread-safe.
class rate_limiter {
 public:
  rate_limiter(rate r, std::size_t max_keys = 100'000);
  ~rate_limiter();

  // Error: too_many `rate_limited` with retry_after.
  result<void> take(std::string_view key, double cost = 1);

  // Takes what was already given elsewhere: asks nobody, and leaves a bucket empty at worst.
  void charge(std::string_view key, double cost);

  std::size_t size() const;  // buckets in memory now

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace oficio::security
