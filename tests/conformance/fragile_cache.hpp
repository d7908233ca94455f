#pragma once

#include <atomic>
#include <utility>

#include "drivers/embedded/cache/cache.hpp"

namespace oficio::cache::conformance {

// A cache that can be told to fail, for those who must go on without it.
class fragile_cache : public store {
 public:
  std::atomic<bool> broken = false;
  std::atomic<int> hits = 0;

  awaitable<result<std::optional<std::string>>> get(const context& ctx, std::string key) override {
    if (broken) co_return away();
    CO_TRY(auto found, co_await inner_->get(ctx, std::move(key)));
    if (found) ++hits;
    co_return found;
  }
  awaitable<result<void>> put(const context& ctx, std::string key, std::string value,
                              std::chrono::milliseconds ttl) override {
    if (broken) co_return away();
    co_return co_await inner_->put(ctx, std::move(key), std::move(value), ttl);
  }
  awaitable<result<void>> erase(const context& ctx, std::string key) override {
    if (broken) co_return away();
    co_return co_await inner_->erase(ctx, std::move(key));
  }
  awaitable<result<std::int64_t>> add(const context& ctx, std::string key, std::int64_t amount,
                                      std::chrono::milliseconds ttl) override {
    if (broken) co_return away();
    co_return co_await inner_->add(ctx, std::move(key), amount, ttl);
  }
  awaitable<result<void>> publish(const context& ctx, std::string channel,
                                  std::string message) override {
    if (broken) co_return away();
    co_return co_await inner_->publish(ctx, std::move(channel), std::move(message));
  }
  std::unique_ptr<subscription> subscribe(std::string channel, listener hear) override {
    return inner_->subscribe(std::move(channel), std::move(hear));
  }
  awaitable<result<void>> ping(const context& ctx) override {
    if (broken) co_return away();
    co_return co_await inner_->ping(ctx);
  }

 private:
  static error away() { return {errc::unavailable, "cache_unavailable", "The cache is away."}; }

  std::unique_ptr<store> inner_ = embedded::make_memory_cache();
};

}  // namespace oficio::cache::conformance
