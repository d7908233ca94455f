#pragma once

#include <memory>
#include <optional>

#include "platform/security/rate_limit.hpp"
#include "platform/telemetry/metrics.hpp"
#include "services/gateway/module.hpp"
#include "services/gateway/shared_taking.hpp"
#include "services/gateway/table.hpp"

namespace oficio::gateway {

// How often one client may call: everything together, and what costs us most (or helps an attacker
// most) in buckets of its own. Memory is bounded by the limiters. Thread-safe.
class limits {
 public:
  // `clock` outlives it.
  limits(const options& o, const wall_clock& clock, telemetry::metrics* count);

  // Error: too_many `rate_limited`, with when to come again.
  result<void> take_for_address(const http::request& r, const route& by);
  // What browsers tell of themselves costs nobody's calls, and has a bound of its own.
  result<void> take_for_intake(const http::request& r);
  // Whoever brought much at once waits longer.
  void charge_for_intake(const http::request& r, double cost);
  result<void> take_for_account(const std::string& account);

  // Makes the limits those of all gateways that share the cache; to be called every so often.
  awaitable<void> share(cache::store& over);

 private:
  struct bucket {
    bucket(const char* limit, const security::rate& r, const options& o, const wall_clock& clock,
           telemetry::metrics* count);
    result<void> take(std::string_view key);

    std::optional<security::rate_limiter> limiter;  // none: no limit
    std::unique_ptr<shared_taking> shared;          // null: nobody to share with
    telemetry::counter* refused = nullptr;
  };

  bucket address_;
  bucket account_;
  bucket sign_in_;
  bucket search_;
  bucket upload_;
  bucket intake_;
};

}  // namespace oficio::gateway
