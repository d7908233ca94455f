#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::cache {

// Hears one message. It is called on any thread, for one message at a time, and must neither block
// nor call back into the store.
using listener = std::function<void(const std::string& message)>;

// Holds a listener: once it is gone the listener is called no more. Not to be destroyed by its own
// listener.
class subscription {
 public:
  virtual ~subscription() = default;
};

// Short-lived shared memory. Losing it must only ever cost speed: callers go on without it.
// Errors: unavailable `cache_unavailable` (at once, while it is known to be away), timeout.
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

  // Says something to all who listen to `channel` now, in every process that shares the cache. Who
  // is not listening, or cannot be reached just now, never hears it: it may only make things
  // sooner.
  virtual awaitable<result<void>> publish(const context& ctx, std::string channel,
                                          std::string message) = 0;
  // From soon on, and again each time that a lost server is back. The store outlives it.
  virtual std::unique_ptr<subscription> subscribe(std::string channel, listener hear) = 0;

  // Does it answer?
  virtual awaitable<result<void>> ping(const context& ctx) = 0;
};

}  // namespace oficio::cache
