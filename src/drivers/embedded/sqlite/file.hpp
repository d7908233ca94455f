#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "drivers/embedded/sqlite/connection.hpp"
#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::embedded {

// One database file: many readers on the blocking pool, and one writer thread that commits in
// groups. All writes that wait are run one after another, each in a savepoint, inside one
// transaction, and answered after its one commit: durable, and many times faster than a commit
// each.
class file {
 public:
  // Throws sqlite_error. `pool` must outlive it.
  file(std::string path, runtime::blocking_pool& pool);
  ~file();  // commits what waits

  // Runs statements at once, for schemas at start. Blocks.
  void set_up(const std::string& sql);

  // Runs `work(connection&) -> result<T>` on a reading connection.
  // Errors: what work returns; unavailable `database_unavailable`, `overloaded`; timeout.
  template <class Work>
  awaitable<std::invoke_result_t<Work&, connection&>> read(context ctx, Work work) {
    using outcome = std::invoke_result_t<Work&, connection&>;
    co_return co_await pool_.run(ctx, [this, work = std::move(work)]() mutable -> outcome {
      try {
        lease reader(*this);
        return work(reader.get());
      } catch (const sqlite_error& e) {
        return unavailable(e);
      }
    });
  }

  // Runs `work` on the writing connection and returns after the commit. An error that it returns,
  // or a sqlite_error that it throws, undoes this work alone. Same errors as read().
  template <class Work>
  awaitable<std::invoke_result_t<Work&, connection&>> write(context ctx, Work work) {
    using outcome = std::invoke_result_t<Work&, connection&>;
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                   void(std::exception_ptr, outcome)>(
        [this](auto handler, steady_time deadline, Work job) {
          this->template enqueue<outcome>(std::move(handler), deadline, std::move(job));
        },
        boost::asio::use_awaitable, ctx.deadline, std::move(work));
  }

  // Writes without waiting for the commit: for what may be lost and done again (acknowledgements).
  void write_later(std::function<void(connection&)> work);

  const std::string& path() const { return path_; }

 private:
  // A write that waits: `run` inside its savepoint says whether to keep it; `finish` tells the
  // caller after the commit (null) or its failure.
  struct job {
    steady_time deadline;
    std::function<bool(connection&)> run;
    std::function<void(const error* failure)> finish;
  };

  class lease {
   public:
    explicit lease(file& from);
    ~lease();
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;
    connection& get() { return *reader_; }

   private:
    file& from_;
    std::unique_ptr<connection> reader_;
  };

  template <class Outcome, class Handler, class Work>
  void enqueue(Handler handler, steady_time deadline, Work work) {
    // Everything of one call lives here, so that the job's functions can be copied.
    struct call {
      call(Handler h, Work w)
          : handler(std::move(h)),
            work(std::move(w)),
            guard(boost::asio::make_work_guard(boost::asio::get_associated_executor(handler))) {}
      Handler handler;
      std::optional<Work> work;
      boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> guard;
      std::optional<Outcome> outcome;
      std::exception_ptr thrown;
    };
    auto own = std::make_shared<call>(std::move(handler), std::move(work));
    push({deadline,
          [own](connection& c) {
            try {
              own->outcome.emplace((*own->work)(c));
              return own->outcome->has_value();
            } catch (const sqlite_error& e) {
              own->outcome.emplace(unavailable(e));
            } catch (...) {
              own->thrown = std::current_exception();
            }
            return false;
          },
          [own](const error* failure) {
            if (failure && (!own->outcome || own->outcome->has_value())) {
              own->outcome.emplace(*failure);
            }
            if (!own->outcome) own->outcome.emplace(error{});  // not looked at: `thrown` is set
            auto executor = own->guard.get_executor();
            boost::asio::dispatch(executor, [own]() mutable {
              // Released here and not with the job, which the writing thread may hold for longer
              // than the executor lives; nor may that thread be the last to hold whoever owns it.
              [[maybe_unused]] auto work = std::exchange(own->work, std::nullopt);
              auto keep = std::move(own->guard);
              auto resume = std::move(own->handler);
              std::move(resume)(own->thrown, std::move(*own->outcome));
            });
          }});
  }

  void push(job j);
  static error unavailable(const sqlite_error& e);

  struct writer;
  std::string path_;
  runtime::blocking_pool& pool_;
  std::unique_ptr<writer> writer_;
  struct readers;
  std::unique_ptr<readers> readers_;
};

}  // namespace oficio::embedded
