#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/events/envelope.hpp"
#include "platform/http/body_stream.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::notifications {

// What gateways show people at once: the routing keys of everything on the stream.
std::vector<std::string> live_patterns();

struct live_options {
  // What is kept for gateways that come back; the first limit that is reached holds.
  std::chrono::milliseconds kept_for{std::chrono::minutes(5)};
  std::size_t max_events = 20'000;
  std::size_t max_bytes = 32 * 1024 * 1024;
  std::chrono::milliseconds heartbeat{5'000};
  std::size_t max_followers = 64;
  // Another instance may have got the same events so much sooner or later.
  std::chrono::milliseconds overlap{10'000};
};

// The events that concern people, as they came to this process, for gateways to follow
// (text/event-stream). An event's id is "MILLISECONDS-EVENT": when it came here, and its own id.
// One who comes back with the last that it has seen, at this instance or another, gets all again
// that came here since 10 s before; so it drops what it knows. Where that is not kept any more, and
// at the first visit, the stream begins with an event `resync`, which stands for all that may be
// missing. Thread-safe.
class live_stream : public std::enable_shared_from_this<live_stream> {
 public:
  // `metrics` may be null; it outlives this.
  live_stream(const wall_clock& clock, live_options o, telemetry::metrics* metrics);
  ~live_stream();

  void take(const events::envelope& e);
  // Events may be missing: all who follow are told.
  void missed();

  // Errors: unavailable `too_many_followers`, `stopping`.
  result<std::shared_ptr<http::body_stream>> follow(std::string_view last_id);

  // All that follow come to an orderly end, now and for ever.
  void close();

 private:
  class follower;
  struct entry {
    time_point at;
    std::string text;
  };

  time_point now_locked();
  void drop_old_locked(time_point now);
  std::optional<std::uint64_t> position_behind_locked(std::string_view last_id);
  std::uint64_t end_locked() const { return first_ + kept_.size(); }
  void wake_all_locked();
  void tell(telemetry::reading& to) const;

  const wall_clock& clock_;
  const live_options options_;
  telemetry::counter* taken_ = nullptr;
  telemetry::counter* resyncs_ = nullptr;

  mutable std::mutex guard_;
  // All under guard_.
  std::deque<entry> kept_;
  std::uint64_t first_ = 0;  // the position of the first that is kept
  std::size_t bytes_ = 0;
  time_point last_at_;
  time_point complete_since_;  // everything that came since then is kept
  std::uint64_t gaps_ = 0;     // how often events were missed
  std::vector<follower*> followers_;
  bool closed_ = false;
  telemetry::metrics::handle told_;
};

}  // namespace oficio::notifications
