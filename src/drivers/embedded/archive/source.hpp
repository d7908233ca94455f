#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "drivers/embedded/sqlite/connection.hpp"
#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/base/time.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::embedded {

// Stops whatever a connection does when the deadline has passed, for as long as this lives.
class watched {
 public:
  watched(connection& of, steady_time deadline);
  ~watched();
  watched(const watched&) = delete;
  watched& operator=(const watched&) = delete;

 private:
  static int is_late(void* self);
  connection& of_;
  steady_time deadline_;
};

// Reading connections to one file, of which as many are open as were needed at once.
class source {
 public:
  source(std::string path, runtime::blocking_pool& pool) : path_(std::move(path)), pool_(pool) {}

  // Runs `work(connection&) -> result<T>` on the blocking pool. Errors: unavailable
  // `archive_unavailable`, timeout `deadline_exceeded`.
  template <class Work>
  awaitable<std::invoke_result_t<Work&, connection&>> read(context ctx, Work work) {
    using outcome = std::invoke_result_t<Work&, connection&>;
    co_return co_await pool_.run(
        ctx, [this, until = ctx.deadline, work = std::move(work)]() mutable -> outcome {
          try {
            auto reader = lend();
            outcome done = [&] {
              watched bounded(*reader, until);
              return work(*reader);
            }();
            give_back(std::move(reader));
            return done;
          } catch (const sqlite_error& e) {
            return why(e);
          }
        });
  }

 private:
  std::unique_ptr<connection> lend();
  void give_back(std::unique_ptr<connection> one);
  static error why(const sqlite_error& e);

  const std::string path_;
  runtime::blocking_pool& pool_;
  std::mutex guard_;
  std::vector<std::unique_ptr<connection>> idle_;  // under guard_
};

inline std::int64_t microseconds(time_point t) {
  return t.time_since_epoch().count() * 1'000;
}
inline time_point time_of(std::int64_t us) {
  return time_point(std::chrono::milliseconds(us / 1'000));
}

}  // namespace oficio::embedded
