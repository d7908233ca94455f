#include "platform/runtime/blocking_pool.hpp"

namespace oficio::runtime {

blocking_pool::blocking_pool(std::string name, std::size_t threads, std::size_t max_queued)
    : name_(std::move(name)), max_queued_(max_queued), threads_(threads) {}

blocking_pool::~blocking_pool() {
  threads_.join();
}

void blocking_pool::begin_job(steady_time queued) {
  constexpr auto order = std::memory_order_relaxed;
  waiting_.fetch_sub(1, order);
  working_.fetch_add(1, order);
  begun_.fetch_add(1, order);
  auto waited = std::chrono::steady_clock::now() - queued;
  waited_ns_.fetch_add(std::chrono::duration_cast<std::chrono::nanoseconds>(waited).count(), order);
}

error blocking_pool::overloaded() const {
  return {errc::unavailable,
          "overloaded",
          "Too much work is waiting (" + name_ + ").",
          {},
          std::chrono::seconds(1)};
}

error blocking_pool::late() const {
  return {errc::timeout, "deadline_exceeded", "The work was not begun in time (" + name_ + ")."};
}

}  // namespace oficio::runtime
