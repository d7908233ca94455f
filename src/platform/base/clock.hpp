#pragma once

#include <atomic>
#include <chrono>

#include "platform/base/time.hpp"

namespace oficio {

// The wall clock as the whole program sees it. Injected, so that tests and sample data can move
// time; it only ever moves forward of the machine's by an offset. Safe to use from any thread.
class wall_clock {
 public:
  explicit wall_clock(std::chrono::milliseconds offset = {}) : offset_(offset.count()) {}

  time_point now() const {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now()) +
           std::chrono::milliseconds(offset_.load(std::memory_order_relaxed));
  }

  void advance(std::chrono::milliseconds by) { offset_.fetch_add(by.count()); }

 private:
  std::atomic<std::chrono::milliseconds::rep> offset_;
};

}  // namespace oficio
