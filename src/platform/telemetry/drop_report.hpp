#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "platform/telemetry/log.hpp"

namespace oficio::telemetry {

// Says in the log that telemetry is dropped: at once, then once a minute at most. Its log must not
// lead back to the intake that drops, for that would have to drop more then. Used by one thread.
class drop_report {
 public:
  explicit drop_report(logger to) : to_(std::move(to)) {}

  // `dropped` is how many there were since the start; `why` may be empty.
  void tell(std::uint64_t dropped, const std::string& why = {});
  // The rest, without waiting for its minute.
  void tell_last(std::uint64_t dropped, const std::string& why = {});

 private:
  const logger to_;
  std::uint64_t told_ = 0;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace oficio::telemetry
