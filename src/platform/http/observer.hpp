#pragma once

#include <cstddef>
#include <exception>

#include "platform/http/message.hpp"
#include "platform/telemetry/tracer.hpp"

namespace oficio::http {

// Sees each request that a router answers, from outside of all of its middleware, and what became
// of it. Thread-safe; outlives the router's requests.
class observer {
 public:
  // One request's. Nothing of it is asked for again if there is no work.
  struct visit {
    telemetry::work work;
    std::size_t request_bytes = 0;  // of the body, which a handler may have taken by the end
    bool within_recorded = false;   // who asked is recorded
    explicit operator bool() const { return static_cast<bool>(work); }
  };

  virtual ~observer() = default;

  virtual visit came(request& r) = 0;
  // What it records of answer.failure it marks there (telemetry::as_recorded).
  virtual void answered(visit& v, const request& r, response& answer) = 0;
  // The router answers 500 for it.
  virtual void broken(visit& v, const request& r, const std::exception& e) = 0;
};

}  // namespace oficio::http
