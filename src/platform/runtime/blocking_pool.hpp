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
    if (waiting_.load(std::memory_order_relaxed) >= max_queued_) {
      refused_.fetch_add(1, std::memory_order_relaxed);
      co_return overloaded();
    }
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                   void(std::exception_ptr, outcome)>(
        [this](auto handler, steady_time deadline, Work job) {
          this->template start<outcome>(std::move(handler), deadline, std::move(job));
        },
        boost::asio::use_awaitable, ctx.deadline, std::move(work));
  }

  std::size_t waiting() const { return waiting_.load(std::memory_order_relaxed); }

  // How much went through since the start.
  struct figures {
    std::uint64_t begun = 0;             // jobs that a thread took
    std::uint64_t refused = 0;           // that found the queue full
    std::uint64_t late = 0;              // whose deadline had passed when a thread took them
    std::chrono::nanoseconds waited{0};  // of all that were begun
    std::size_t working = 0;             // threads at work now
  };
  figures done() const {
    return {begun_, refused_, late_, std::chrono::nanoseconds(waited_ns_), working_};
  }
  const std::string& name() const { return name_; }

 private:
  template <class Outcome, class Handler, class Work>
  void start(Handler handler, steady_time deadline, Work work) {
    auto executor = boost::asio::get_associated_executor(handler);
    waiting_.fetch_add(1, std::memory_order_relaxed);
    boost::asio::post(threads_,
                      [this, deadline, work = std::move(work), handler = std::move(handler),
                       guard = boost::asio::make_work_guard(executor),
                       queued = std::chrono::steady_clock::now()]() mutable {
                        begin_job(queued);
                        std::exception_ptr thrown;
                        std::optional<Outcome> outcome;
                        if (std::chrono::steady_clock::now() >= deadline) {
                          late_.fetch_add(1, std::memory_order_relaxed);
                          outcome.emplace(late());
                        } else {
                          try {
                            outcome.emplace(work());
                          } catch (...) {
                            thrown = std::current_exception();
                            outcome.emplace(late());
                          }
                        }
                        working_.fetch_sub(1, std::memory_order_relaxed);
                        auto resume_on = guard.get_executor();
                        boost::asio::dispatch(resume_on, [handler = std::move(handler), thrown,
                                                          outcome = std::move(*outcome)]() mutable {
                          std::move(handler)(thrown, std::move(outcome));
                        });
                      });
  }

  void begin_job(steady_time queued);
  error overloaded() const;
  error late() const;

  std::string name_;
  std::size_t max_queued_;
  std::atomic<std::size_t> waiting_{0};
  std::atomic<std::size_t> working_{0};
  std::atomic<std::uint64_t> begun_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> late_{0};
  std::atomic<std::int64_t> waited_ns_{0};
  boost::asio::thread_pool threads_;
};

}  // namespace oficio::runtime
