#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "platform/telemetry/log.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::http {

// Answers GET /metrics and GET /healthz on a thread of its own, so that it does when all others are
// stuck: then the figures say so.
class metrics_listener {
 public:
  // Listens at once. Throws boost::system::system_error if the address cannot be bound. `figures`
  // must outlive it.
  metrics_listener(std::string address, std::uint16_t port, const telemetry::metrics& figures,
                   telemetry::logger log);
  ~metrics_listener();

  std::uint16_t port() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
  std::jthread thread_;
};

}  // namespace oficio::http
