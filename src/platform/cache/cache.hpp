#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::cache {

// Short-lived shared memory. Losing it must only ever cost speed: callers go on without it.
// Errors: unavailable `cache_unavailable`, timeout.
class store {
 public:
  virtual ~store() = default;

  virtual awaitable<result<std::optional<std::string>>> get(const context& ctx,
                                                            std::string key) = 0;
  virtual awaitable<result<void>> put(const context& ctx, std::string key, std::string value,
                                      std::chrono::milliseconds ttl) = 0;
  virtual awaitable<result<void>> erase(const context& ctx, std::string key) = 0;
  // Adds to a counter that starts at 0 and vanishes `ttl` after its first addition; gives the sum.
  virtual awaitable<result<std::int64_t>> add(const context& ctx, std::string key,
                                              std::int64_t amount,
                                              std::chrono::milliseconds ttl) = 0;
};

}  // namespace oficio::cache
