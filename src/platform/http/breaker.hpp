#pragma once

#include <algorithm>
#include <chrono>

#include "platform/base/context.hpp"

namespace oficio::http::detail {

// Decides whether an address is worth calling, by how its last calls went. Closed: calls go
// through. After too many failures it opens: nobody calls, for a pause that doubles each time. Then
// one call at a time tries (half open): a success closes it, a failure opens it again. Not
// thread-safe: its owner locks.
class circuit_breaker {
 public:
  static constexpr unsigned failures_in_a_row = 5;
  static constexpr unsigned least_calls = 20;  // of which half must fail, within the window
  static constexpr std::chrono::seconds window{10};
  static constexpr std::chrono::milliseconds first_pause{1'000};
  static constexpr std::chrono::milliseconds longest_pause{5'000};

  enum class state { closed, open, half_open };

  // True if a call may be made. Then succeeded(), failed() or cancelled() must follow.
  bool let_through(steady_time now) {
    if (state_ == state::open && now >= until_) state_ = state::half_open;
    if (state_ == state::open || (state_ == state::half_open && trying_)) return false;
    trying_ = state_ == state::half_open;
    return true;
  }

  void succeeded(steady_time now) {
    if (state_ == state::open) return;  // a call from before
    if (state_ == state::half_open) close();
    count(now, false);
    in_a_row_ = 0;
  }

  void failed(steady_time now) {
    last_failure_ = now;
    if (state_ == state::open) return;
    count(now, true);
    ++in_a_row_;
    bool many = calls_ >= least_calls && failures_ * 2 >= calls_;
    if (state_ == state::half_open || in_a_row_ >= failures_in_a_row || many) open(now);
  }

  // The call told nothing: it was not made after all, or its time was too short.
  void cancelled() { trying_ = false; }

  state now_in() const { return state_; }
  // When it will let somebody try again; in the past unless it is open.
  steady_time next_try() const { return until_; }
  bool failed_within(std::chrono::milliseconds time, steady_time now) const {
    return now - last_failure_ < time;
  }

 private:
  void count(steady_time now, bool failure) {
    if (now - window_began_ > window) {
      window_began_ = now;
      calls_ = failures_ = 0;
    }
    ++calls_;
    if (failure) ++failures_;
  }

  void open(steady_time now) {
    state_ = state::open;
    trying_ = false;
    until_ = now + pause_;
    pause_ = std::min(pause_ * 2, longest_pause);
  }

  void close() {
    state_ = state::closed;
    trying_ = false;
    pause_ = first_pause;
    calls_ = failures_ = in_a_row_ = 0;
  }

  state state_ = state::closed;
  bool trying_ = false;
  unsigned in_a_row_ = 0;
  unsigned calls_ = 0;     // in this window
  unsigned failures_ = 0;  // of them
  steady_time window_began_{};
  steady_time until_{};
  steady_time last_failure_{};
  std::chrono::milliseconds pause_ = first_pause;
};

// How many calls may be tried again: a share of all calls, so that retries cannot multiply the load
// of a service that is failing under it. Not thread-safe.
class retry_budget {
 public:
  static constexpr double share = 0.1;
  static constexpr double most = 10;

  void called() { tokens_ = std::min(tokens_ + share, most); }
  bool may_retry() {
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  double tokens_ = most;
};

}  // namespace oficio::http::detail
