#pragma once

#include <memory>
#include <string>

#include "platform/hosting/service.hpp"
#include "platform/http/router.hpp"
#include "platform/telemetry/intake.hpp"
#include "services/gateway/intake/documents.hpp"
#include "services/gateway/limits.hpp"

namespace oficio::gateway::intake {

// Takes what browsers tell of themselves: POST /intake/v2/rum/events, as our own reporter or
// Elastic's agent sends it. Answers 202 before anything is stored; what there is no room for is
// dropped, and counted.
class door {
 public:
  static constexpr std::size_t most_bytes = 300 * 1024;  // decompressed
  static constexpr std::size_t in_line = 16 * 1024;      // more is read on the blocking pool

  // `to` null: what comes is looked at and forgotten. All outlive it.
  door(const hosting::environment& env, limits& bounds, telemetry::intake* to,
       std::string environment);

  void add_to(http::router& routes);

 private:
  awaitable<result<http::response>> take(http::request& r);
  awaitable<result<batch>> read(http::request& r) const;
  void offer(documents made) const;

  runtime::application& app_;
  const wall_clock clock_;  // the machine's, as all telemetry has it; the market's may be moved
  limits& limits_;
  telemetry::intake* to_;
  const std::string environment_;
  telemetry::counter* taken_ = nullptr;  // all three null: nothing is counted
  telemetry::counter* refused_ = nullptr;
  telemetry::counter* dropped_ = nullptr;
};

}  // namespace oficio::gateway::intake
