#pragma once

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>

#include "platform/http/message.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::http::detail {

// Counts a server's requests, by route pattern, method and class of status. Thread-safe; without a
// registry it does nothing.
class server_metrics {
 public:
  explicit server_metrics(telemetry::metrics* to);

  void accepted();
  void turned_away();
  // `readable`: its method was understood.
  void answered(const request& r, bool readable, int status, std::chrono::nanoseconds took);

 private:
  static constexpr std::size_t methods = 8;  // the last: none that we know
  static constexpr std::size_t classes = 6;
  using by_outcome = std::array<std::array<std::atomic<telemetry::histogram*>, classes>, methods>;

  by_outcome& of(const std::string& route);

  telemetry::metrics* to_;
  telemetry::counter* accepted_ = nullptr;
  telemetry::counter* turned_away_ = nullptr;
  std::shared_mutex guard_;
  std::map<std::string, std::unique_ptr<by_outcome>, std::less<>> routes_;  // under guard_
};

}  // namespace oficio::http::detail
