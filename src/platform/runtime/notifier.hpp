#pragma once

#include <chrono>
#include <memory>
#include <mutex>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "platform/runtime/awaitable.hpp"

namespace oficio::runtime {

// Wakes one waiting coroutine when there is something to do. A notify() while nobody waits is
// remembered once. Safe from any thread; one waiter at a time.
class notifier {
 public:
  // Returns once notified, or after `at_most`. True if it was notified.
  awaitable<bool> wait(std::chrono::milliseconds at_most);
  void notify();

 private:
  std::mutex guard_;
  bool pending_ = false;
  std::shared_ptr<boost::asio::steady_timer> waiting_;
};

}  // namespace oficio::runtime
