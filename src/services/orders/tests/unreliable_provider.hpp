#pragma once

#include <atomic>
#include <memory>
#include <stdexcept>
#include <utility>

#include "platform/payments/provider.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::orders::testing_help {

// Somebody else's server, with its bad days.
class unreliable_provider : public payments::provider {
 public:
  explicit unreliable_provider(std::unique_ptr<payments::provider> behind)
      : behind_(std::move(behind)) {}

  std::atomic<bool> crash_before = false;  // throws before it is asked
  std::atomic<bool> crash_after = false;   // charges, then throws
  std::atomic<bool> away = false;          // unavailable
  std::atomic<bool> hold = false;          // charges, and answers once this is false again
  std::atomic<int> held = 0;               // how many are held so
  std::atomic<int> starts = 0;

  awaitable<result<payments::charge>> start(const context& ctx, std::string attempt_id,
                                            money amount, payments::card with) override {
    ++starts;
    if (crash_before) throw std::runtime_error("the process ended before the provider was asked");
    if (away) co_return gone();
    auto made =
        co_await behind_->start(ctx, std::move(attempt_id), std::move(amount), std::move(with));
    co_return co_await after(std::move(made));
  }
  awaitable<result<payments::charge>> confirm(const context& ctx, std::string attempt_id,
                                              std::string token) override {
    if (away) co_return gone();
    auto made = co_await behind_->confirm(ctx, std::move(attempt_id), std::move(token));
    co_return co_await after(std::move(made));
  }
  awaitable<result<std::optional<payments::charge>>> lookup(const context& ctx,
                                                            std::string attempt_id) override {
    if (away) co_return gone();
    co_return co_await behind_->lookup(ctx, std::move(attempt_id));
  }
  awaitable<result<void>> refund(const context& ctx, std::string attempt_id) override {
    if (away) co_return gone();
    if (crash_before) throw std::runtime_error("the process ended before the provider was asked");
    co_return co_await behind_->refund(ctx, std::move(attempt_id));
  }

  std::string_view signature_header() const override { return behind_->signature_header(); }
  result<payments::notice> read_notice(std::string_view signature,
                                       std::string_view body) const override {
    return behind_->read_notice(signature, body);
  }

 private:
  awaitable<result<payments::charge>> after(result<payments::charge> made) {
    if (crash_after) throw std::runtime_error("the process ended before it wrote the outcome");
    if (hold) {
      ++held;
      while (hold) co_await runtime::sleep_for(std::chrono::milliseconds(2));
    }
    co_return made;
  }

  static error gone() {
    return {errc::unavailable, "payments_unavailable", "The payment provider is away."};
  }

  std::unique_ptr<payments::provider> behind_;
};

}  // namespace oficio::orders::testing_help
