#include "platform/sql/server_database.hpp"

#include <algorithm>
#include <random>
#include <thread>

#include "platform/sql/connection_pool.hpp"
#include "platform/sql/deadline_watch.hpp"
#include "platform/telemetry/thrown.hpp"

namespace oficio::sql {
namespace {

using namespace std::chrono_literals;

constexpr int max_tries = 12;  // of a transaction that others stand in the way of
// The server is told the deadline too; it should be the first to end what is late, since a
// connection that is cut must be made anew.
constexpr auto grace = 150ms;
constexpr auto migrations_patience = 1h;  // a large table may take long

// Grows with the tries, and differs between those that met.
void pause_before(int attempt, steady_time deadline) {
  thread_local std::minstd_rand random{std::random_device{}()};
  auto most = std::min(1 << attempt, 128);
  std::chrono::milliseconds pause(std::uniform_int_distribution<int>(1, most)(random));
  std::this_thread::sleep_until(std::min(deadline, std::chrono::steady_clock::now() + pause));
}

std::chrono::milliseconds left_until(steady_time deadline) {
  auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::clamp<std::chrono::milliseconds>(left, 1ms, 24h);
}

class server_database final : public database {
 public:
  server_database(std::unique_ptr<server> on, std::size_t sessions, runtime::blocking_pool& pool)
      : server_(std::move(on)),
        pool_(pool),
        sessions_(*server_, watch_, sessions, start_patience) {}

  void migrate(const std::vector<migration>& history) override {
    auto lease = sessions_.take(std::chrono::steady_clock::now() + start_patience);
    if (!lease.has_value()) throw std::runtime_error(lease.error().detail);
    try {
      (*lease)->limit(migrations_patience);
      (*lease)->migrate(history);
    } catch (const std::runtime_error& e) {
      lease->discard();
      throw std::runtime_error(server_->shown() + ": " + one_line(e.what()));
    }
  }

  sql::dialect dialect() const override { return server_->dialect(); }
  session_use sessions() const override { return {sessions_.leased(), sessions_.most()}; }

 protected:
  runtime::blocking_pool& pool() override { return pool_; }

  result<void> with_session(access a, steady_time deadline,
                            const std::function<bool(soci::session&)>& body) override {
    bool lost_one = false;
    for (int attempt = 1;; ++attempt) {
      TRY(auto failed, try_once(a, deadline, body));
      if (!failed) return {};
      if (failed->what == trouble::again && attempt < max_tries &&
          std::chrono::steady_clock::now() < deadline) {
        pause_before(attempt, deadline);
      } else if (failed->what == trouble::lost && !failed->ending && !lost_one) {
        // A connection breaks where it had waited too long, or with the server. What it had begun
        // is undone with it, unless the commit may have got through.
        lost_one = true;
      } else {
        return to_error(*std::move(failed));
      }
    }
  }

 private:
  struct failure : problem {
    bool ending = false;  // the commit was asked for
  };

  // One lease, one try: nothing if it went well.
  result<std::optional<failure>> try_once(access a, steady_time deadline,
                                          const std::function<bool(soci::session&)>& body) {
    using tried = std::optional<failure>;
    TRY(auto lease, sessions_.take(deadline));
    bool ending = false;  // also known when commit() throws
    deadline_watch::guard watched(watch_, *lease, deadline + grace);
    try {
      if (a == access::write) {
        transact(lease, deadline, body, ending);
      } else {
        lease->limit(left_until(deadline));
        body(lease->session());
      }
      if (watched.over()) lease.discard();
      return tried();
    } catch (const soci::soci_error& e) {
      failure failed{lease->judge(e), ending};
      // Nobody expects it: where it came from is worth knowing.
      if (failed.what == trouble::other) failed.detail = telemetry::told(e, failed.detail);
      if (watched.over()) {
        failed = {{trouble::late, {}}, ending};
        lease.discard();
      } else if (failed.what == trouble::lost || failed.what == trouble::busy) {
        lease.discard_all();
      } else if (a == access::write) {
        undo(lease);
      }
      return tried(std::move(failed));
    } catch (...) {
      if (a == access::write) undo(lease);
      throw;
    }
  }

  static void transact(connection_pool::lease& lease, steady_time deadline,
                       const std::function<bool(soci::session&)>& body, bool& ending) {
    lease->begin(left_until(deadline));
    ending = body(lease->session());
    if (ending) {
      lease->commit();
    } else {
      undo(lease);
    }
  }

  static void undo(connection_pool::lease& lease) {
    try {
      lease->rollback();
    } catch (const soci::soci_error&) {
      lease.discard();  // the server undoes what has no connection
    }
  }

  error to_error(problem p) const {
    switch (p.what) {
      case trouble::duplicate:
        return {errc::conflict, "duplicate", std::move(p.detail)};
      case trouble::late:
        return late();
      case trouble::again:
      case trouble::busy:
      case trouble::lost:
        return unavailable(server_->shown() + ": " + p.detail);
      case trouble::text:
        return {errc::invalid, "unacceptable_text",
                "A text has a character that cannot be kept: " + p.detail};
      case trouble::other:
        break;
    }
    return {errc::internal, "database_error", std::move(p.detail)};
  }

  std::unique_ptr<server> server_;
  runtime::blocking_pool& pool_;
  deadline_watch watch_;
  connection_pool sessions_;
};

}  // namespace

std::unique_ptr<database> make_database(const config::server_address& address,
                                        std::unique_ptr<server> on, runtime::blocking_pool& pool) {
  address.allow_options({"pool", "tls", "ca", "certificate", "key", "verify"});
  auto sessions = static_cast<std::size_t>(address.number("pool", 16, 1, 1'000));
  auto example = ", as in " + address.scheme + "://user:password@host/database";
  if (address.path.empty()) address.refuse("names no database" + example);
  if (address.user.empty()) address.refuse("names no user" + example);
  try {
    return std::make_unique<server_database>(std::move(on), sessions, pool);
  } catch (const connect_failure& e) {
    address.refuse(address.shown() + ": " + e.what());
  }
}

}  // namespace oficio::sql
