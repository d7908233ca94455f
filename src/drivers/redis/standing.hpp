#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>

#include "drivers/redis/connection.hpp"
#include "platform/base/random.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::redis {

constexpr std::chrono::seconds connect_patience{3};
// A connection that lasted for less does not count as a server that is well again.
constexpr std::chrono::seconds steady_connection{5};

// Whether Redis is there, as far as this process knows; tells the log once when it is lost and once
// when it is back. At first it counts as there: calls wait for the first connection. Thread-safe.
class standing {
 public:
  standing(telemetry::logger log, std::string where)
      : log_(std::move(log)), where_(std::move(where)) {}

  bool is_away() const { return away_; }

  error why() const {
    std::lock_guard lock(guard_);
    return why_;
  }

  void found() {
    if (!away_.exchange(false)) return;
    log_.info("the cache is back", {{"server.address", where_}});
  }

  void lost(const error& why) {
    {
      std::lock_guard lock(guard_);
      why_ = why;
      why_.kind = errc::unavailable;
      why_.code = "cache_unavailable";
    }
    if (away_.exchange(true)) return;
    log_.warn("the cache is away; the market goes on without it",
              {{"server.address", where_}, {"error.message", why.detail}});
  }

 private:
  const telemetry::logger log_;
  const std::string where_;
  std::atomic<bool> away_{false};
  mutable std::mutex guard_;
  error why_;  // under guard_
};

// How long to wait before connecting again: longer each time, jittered by a quarter, so that not
// all processes come at once to a server that has just started.
class pauses {
 public:
  void restart() { next_ = first; }
  std::chrono::milliseconds next() {
    auto now = next_;
    next_ = std::min(next_ * 2, longest);
    return now + now * (random_byte() - 128) / 512;
  }

 private:
  static constexpr std::chrono::milliseconds first{50};
  static constexpr std::chrono::milliseconds longest{5'000};

  static int random_byte() { return static_cast<unsigned char>(random_bytes(1).front()); }

  std::chrono::milliseconds next_ = first;
};

}  // namespace oficio::redis
