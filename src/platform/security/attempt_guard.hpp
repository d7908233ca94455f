#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "platform/base/clock.hpp"
#include "platform/base/result.hpp"

namespace oficio::security {

// How many failures cost nothing, and how the delay after each further one grows (it doubles).
struct patience {
  int free = 10;  // 0: no limit at all
  std::chrono::milliseconds first_delay{1'000};
  std::chrono::milliseconds longest_delay{15 * 60'000};
  std::chrono::milliseconds forgets_one_in{6 * 60'000};  // a failure is forgotten each so long
};

// Slows down those who guess secrets: a delay by key (a login, an address) that grows with every
// failure. In memory of this process, at most `max_keys`: the one that was quiet for longest goes.
// Thread-safe.
class attempt_guard {
 public:
  attempt_guard(patience p, const wall_clock& clock, std::size_t max_keys = 100'000);
  ~attempt_guard();

  // Counts an attempt as failed until it is said to have been right, so that of many at once no
  // more get through than of one after the other.
  // Error: too_many `rate_limited` with retry_after; that attempt does not count.
  result<void> begin(std::string_view key);
  // This attempt was right: it alone is taken back.
  void forgive(std::string_view key);
  // This attempt was right, and proves that the earlier ones were no attack.
  void forget(std::string_view key);

  std::size_t size() const;  // keys in memory now

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// The client as limits see it: an IPv4 address, or an IPv6 network of 64 bits.
std::string client_key(std::string_view address);

}  // namespace oficio::security
