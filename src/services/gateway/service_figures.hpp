#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "platform/http/message.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::gateway {

// How the services answer: by service, and by class of status or the kind of failure. Thread-safe.
class service_figures {
 public:
  explicit service_figures(telemetry::metrics* to) : to_(to) {}

  void answered(std::string_view service, const result<http::response>& answer,
                std::chrono::nanoseconds took);

 private:
  telemetry::metrics* to_;
  std::mutex guard_;
  std::map<std::string, std::map<int, telemetry::histogram*>, std::less<>> known_;  // under guard_
};

}  // namespace oficio::gateway
