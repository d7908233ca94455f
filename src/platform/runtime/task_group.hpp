#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/strand.hpp>

#include "platform/runtime/awaitable.hpp"

namespace oficio::runtime {

// Owns coroutines that run on their own (loops, one per connection or queue), so that none outlives
// what it uses. Each gets a strand of its own; everything it awaits runs there.
class task_group {
 public:
  using on_error = std::function<void(const std::string& task, const std::string& what)>;

  task_group(boost::asio::any_io_executor io, on_error report);
  ~task_group();  // stop() must have been awaited, or the io threads must have ended

  // Starts `task`. Arguments of the coroutine must be values or outlive this group. An exception
  // that leaves it is reported and ends that task alone. After stop() it is dropped.
  void spawn(std::string name, awaitable<void> task);

  // Cancels all tasks (their current wait ends with operation_aborted) and returns when they ended,
  // or after `at_most`. True if all have ended.
  awaitable<bool> stop(std::chrono::milliseconds at_most);

  // Waits for the tasks without cancelling them. True if all have ended.
  awaitable<bool> drain(std::chrono::milliseconds at_most);

  std::size_t size() const;
  bool stopping() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace oficio::runtime
