#pragma once

#include <chrono>
#include <string>

#include "platform/base/identity.hpp"
#include "platform/base/trace.hpp"

namespace oficio {

using steady_time = std::chrono::steady_clock::time_point;

// What every use case and every call that leaves the process is given: who acts, until when the
// answer is wanted, and which trace it belongs to. Cheap to copy; owned by whoever started the
// work.
struct context {
  identity who;
  steady_time deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  trace_context trace;
  std::string request_id;

  std::chrono::milliseconds remaining() const {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds(0));
  }
  bool expired() const { return std::chrono::steady_clock::now() >= deadline; }

  // The program's own work (an event handler, a timer) with a new trace.
  static context for_system(std::chrono::milliseconds patience = std::chrono::seconds(10));
};

}  // namespace oficio
