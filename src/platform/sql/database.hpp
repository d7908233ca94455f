#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <soci/session.h>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::telemetry {
class histogram;
class metrics;
class tracer;
}  // namespace oficio::telemetry

namespace oficio::sql {

enum class dialect { sqlite, mysql, postgresql };

// One step of a schema's history. Never edited once released: its checksum is recorded, and a
// changed text stops the start. Statements are separated by ";\n".
struct migration {
  int number;
  std::string name;
  std::string statements;
};

// The sessions of a database: how many are leased now, and how many there may be.
struct session_use {
  std::size_t leased = 0;
  std::size_t most = 0;
};

// The SQL database of one service, on SOCI. Work is a plain function on a session that runs on the
// blocking pool; it must not keep the session. `soci::use` keeps a reference and is read when the
// whole statement ends: never give it a temporary. Drivers say how a session is made, how a
// transaction begins, and what a unique violation looks like.
class database {
 public:
  virtual ~database() = default;

  // Runs `work(soci::session&) -> result<T>` outside a transaction, on any session.
  // Errors: what work returns; conflict `duplicate`; unavailable `database_unavailable`; timeout;
  // invalid `unacceptable_text` (PostgreSQL keeps no NUL). May run more than once, as write().
  template <class Work>
  awaitable<std::invoke_result_t<Work&, soci::session&>> read(context ctx, Work work) {
    co_return co_await run(std::move(ctx), access::read, std::move(work));
  }

  // Runs `work` in a transaction that may write: committed if it returns a value, rolled back if it
  // returns an error or throws. Work may run more than once (a deadlock is tried again). On servers
  // it sees what others have committed since it began: lock the rows that it decides on.
  template <class Work>
  awaitable<std::invoke_result_t<Work&, soci::session&>> write(context ctx, Work work) {
    co_return co_await run(std::move(ctx), access::write, std::move(work));
  }

  // Applies what is missing, each in order, under a lock. Blocks; called at start only. Throws
  // std::runtime_error with a line that says which migration and why.
  virtual void migrate(const std::vector<migration>& history) = 0;

  virtual sql::dialect dialect() const = 0;

  virtual session_use sessions() const { return {}; }

  // From now on each piece of work is a span of its context's transaction, named after its last
  // statement, and counted by its duration. `by` and `figures` outlive this, and may be null;
  // `target` is "mysql/auth".
  void watch(telemetry::tracer* by, std::string target, telemetry::metrics* figures);

 protected:
  enum class access { read, write };
  virtual runtime::blocking_pool& pool() = 0;
  // Leases a session until `deadline`, begins a transaction for access::write, calls `body`,
  // commits if it returns true, else rolls back. Maps database exceptions to errors.
  virtual result<void> with_session(access a, steady_time deadline,
                                    const std::function<bool(soci::session&)>& body) = 0;

 private:
  template <class Work>
  awaitable<std::invoke_result_t<Work&, soci::session&>> run(context ctx, access a, Work work) {
    using outcome = std::invoke_result_t<Work&, soci::session&>;
    auto deadline = ctx.deadline;
    auto call = watcher_ ? begin_call(ctx, a) : nullptr;
    auto began = std::chrono::steady_clock::now();
    auto got = co_await pool().run(
        std::move(ctx), [this, a, deadline, call, work = std::move(work)]() mutable -> outcome {
          std::optional<outcome> out;
          auto done = with_session(a, deadline, [&](soci::session& session) {
            out.emplace(work(session));
            if (call) note_statement(*call, session.get_last_query());
            return out->has_value();
          });
          if (!done.has_value()) return std::move(done).error();
          return std::move(*out);
        });
    count_call(a, std::chrono::steady_clock::now() - began);
    if (call) {
      end_call(*call, got.has_value() ? std::nullopt : std::optional(got.error().kind));
    }
    co_return got;
  }

  // A call as a span; end_call() ends it.
  struct call;
  std::shared_ptr<call> begin_call(const context& ctx, access a) const;
  static void note_statement(call& of, std::string statement);
  static void end_call(call& of, std::optional<errc> failure);
  void count_call(access a, std::chrono::nanoseconds took) const;

  telemetry::tracer* watcher_ = nullptr;
  std::string target_;
  telemetry::histogram* reads_ = nullptr;
  telemetry::histogram* writes_ = nullptr;
};

}  // namespace oficio::sql
