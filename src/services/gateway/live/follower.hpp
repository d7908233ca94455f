#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "platform/events/envelope.hpp"
#include "platform/http/body_stream.hpp"
#include "platform/http/event_stream.hpp"
#include "platform/telemetry/metrics.hpp"
#include "services/gateway/ended_sessions.hpp"
#include "services/gateway/forwarder.hpp"

namespace oficio::gateway {

// Whom a follower tells, on its own strand.
class listener {
 public:
  virtual ~listener() = default;
  // Each event once.
  virtual void heard(const events::envelope& e) = 0;
  // Some may be missing.
  virtual void missed() = 0;
};

// Follows the stream of one instance of notifications, any of them; when that is lost, of another,
// from a little before the last that it knows.
class follower {
 public:
  // All outlive it; `metrics` may be null.
  follower(forwarder& by, const wall_clock& clock, listener& to, telemetry::logger log,
           telemetry::metrics* metrics);

  // Runs until cancelled.
  awaitable<void> run();

  bool following() const { return following_.load(std::memory_order_relaxed); }

 private:
  awaitable<result<void>> follow_one();
  awaitable<result<void>> read(http::body_stream& from);
  result<void> take(const http::sent_event& e);

  forwarder& by_;
  const wall_clock& clock_;
  listener& to_;
  const telemetry::logger log_;
  telemetry::counter* repeated_ = nullptr;
  telemetry::counter* gaps_ = nullptr;
  std::string last_id_;
  recent_ids seen_;
  std::atomic<bool> following_{false};
  bool told_away_ = false;
  telemetry::metrics::handle told_;
};

}  // namespace oficio::gateway
