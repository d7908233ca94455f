#pragma once

#include <atomic>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::runtime {

// Threads for calls that block (a database library, a password hash), so that io threads never do.
// The queue is bounded: past `max_queued` waiting jobs run() answers `overloaded` at once, and a
// job whose deadline passed while it waited is not begun.
class blocking_pool {
 public:
  blocking_pool(std::string name, std::size_t threads, std::size_t max_queued);
  ~blocking_pool();  // finishes what was begun and what waits

  // Runs `work` (which returns result<T>) on a thread of the pool and resumes the caller on its own
  // executor. Errors: unavailable `overloaded`, timeout `deadline_exceeded`, and work's own; an
  // exception that work throws is rethrown to the caller.
  template <class Work>
  auto run(context ctx, Work work) -> awaitable<std::invoke_result_t<Work&>> {
    using outcome = std::invoke_result_t<Work&>;
    if (waiting_.load(std::memory_order_relaxed) >= max_queued_) co_return overloaded();
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                   void(std::exception_ptr, outcome)>(
        [this](auto handler, steady_time deadline, Work job) {
          this->template start<outcome>(std::move(handler), deadline, std::move(job));
        },
        boost::asio::use_awaitable, ctx.deadline, std::move(work));
  }

  std::size_t waiting() const { return waiting_.load(std::memory_order_relaxed); }
  const std::string& name() const { return name_; }

 private:
  template <class Outcome, class Handler, class Work>
  void start(Handler handler, steady_time deadline, Work work) {
    auto executor = boost::asio::get_associated_executor(handler);
    waiting_.fetch_add(1, std::memory_order_relaxed);
    boost::asio::post(threads_,
                      [this, deadline, work = std::move(work), handler = std::move(handler),
                       guard = boost::asio::make_work_guard(executor)]() mutable {
                        waiting_.fetch_sub(1, std::memory_order_relaxed);
                        std::exception_ptr thrown;
                        std::optional<Outcome> outcome;
                        if (std::chrono::steady_clock::now() >= deadline) {
                          outcome.emplace(late());
                        } else {
                          try {
                            outcome.emplace(work());
                          } catch (...) {
                            thrown = std::current_exception();
                            outcome.emplace(late());
                          }
                        }
                        auto resume_on = guard.get_executor();
                        boost::asio::dispatch(resume_on, [handler = std::move(handler), thrown,
                                                          outcome = std::move(*outcome)]() mutable {
                          std::move(handler)(thrown, std::move(outcome));
                        });
                      });
  }

  error overloaded() const;
  error late() const;

  std::string name_;
  std::size_t max_queued_;
  std::atomic<std::size_t> waiting_{0};
  boost::asio::thread_pool threads_;
};

}  // namespace oficio::runtime
