#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "platform/base/context.hpp"

namespace oficio::realtime {

// So much a second, and so much at once after a pause. 0 a second: no limit.
struct rate {
  double per_second = 0;
  double burst = 0;
};

// What clients may send.
struct rates {
  rate events;
  rate bytes;
};

// A bucket that fills by its rate and is emptied by use.
class bucket {
 public:
  bool take(const rate& of, double amount, steady_time now) {
    if (of.per_second <= 0) return true;
    if (last_ == steady_time{}) {
      level_ = of.burst;
    } else {
      std::chrono::duration<double> passed = now - last_;
      level_ = std::min(of.burst, level_ + passed.count() * of.per_second);
    }
    last_ = now;
    if (level_ < amount) return false;
    level_ -= amount;
    return true;
  }

 private:
  double level_ = 0;
  steady_time last_{};
};

// What one connection, or all of one account together, may still send.
class allowance {
 public:
  bool event(const rates& of, steady_time now) { return events_.take(of.events, 1, now); }
  bool bytes(const rates& of, std::size_t size, steady_time now) {
    return bytes_.take(of.bytes, static_cast<double>(size), now);
  }

 private:
  bucket events_;
  bucket bytes_;
};

// An allowance that connections on several threads share.
class shared_allowance {
 public:
  bool message(const rates& of, std::size_t size, bool is_event, steady_time now) {
    std::lock_guard lock(guard_);
    return left_.bytes(of, size, now) && (!is_event || left_.event(of, now));
  }

 private:
  std::mutex guard_;
  allowance left_;
};

// Who takes part of something that is limited: given out by name, forgotten with the last owner.
// Thread-safe.
template <class T>
class by_name {
 public:
  std::shared_ptr<T> of(const std::string& name) {
    std::lock_guard lock(guard_);
    auto& place = all_[name];
    auto held = place.lock();
    if (!held) {
      held = std::make_shared<T>();
      place = held;
      if (all_.size() > 2 * alive_ + 64) sweep();
    }
    return held;
  }

 private:
  void sweep() {
    std::erase_if(all_, [](const auto& one) { return one.second.expired(); });
    alive_ = all_.size();
  }

  std::mutex guard_;
  std::unordered_map<std::string, std::weak_ptr<T>> all_;  // under guard_
  std::size_t alive_ = 0;                                  // at the last sweep
};

}  // namespace oficio::realtime
