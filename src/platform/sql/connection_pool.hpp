#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "platform/base/result.hpp"
#include "platform/sql/deadline_watch.hpp"

namespace oficio::sql {

// A bounded number of sessions with one server. A thread of its own makes them when they are
// needed, so that nobody waits past their deadline for a server that does not answer. While there
// is no connection at all, it tries again and again, and everybody else is refused at once.
class connection_pool {
 public:
  // Waits for the first session, at most so long. Throws connect_failure. `from` and `watch` must
  // outlive it.
  connection_pool(server& from, deadline_watch& watch, std::size_t most,
                  std::chrono::milliseconds patience);
  ~connection_pool();

  // A session in use. It goes back when the lease ends, unless it is broken: then it is closed.
  class lease {
   public:
    lease(connection_pool& from, std::unique_ptr<connection> c)
        : from_(&from), connection_(std::move(c)) {}
    lease(lease&& other) noexcept
        : from_(std::exchange(other.from_, nullptr)),
          connection_(std::move(other.connection_)),
          broken_(other.broken_) {}
    lease& operator=(lease&&) = delete;
    ~lease();

    connection& operator*() const { return *connection_; }
    connection* operator->() const { return connection_.get(); }
    void discard() { broken_ = true; }
    // The server is not what it was: those that wait are closed too.
    void discard_all();

   private:
    connection_pool* from_;
    std::unique_ptr<connection> connection_;
    bool broken_ = false;
  };

  // Blocks until the deadline. Errors: timeout `deadline_exceeded`, unavailable
  // `database_unavailable`.
  result<lease> take(steady_time deadline);

  std::size_t most() const { return most_; }
  std::size_t leased() const;

 private:
  struct waiting_session {
    std::unique_ptr<connection> session;
    steady_time since;
  };

  std::unique_ptr<connection> connect();
  void give_back(std::unique_ptr<connection> c);
  std::vector<waiting_session> take_idle();
  std::unique_ptr<connection> pop_idle(std::vector<waiting_session>& old);
  bool down() const { return failure_ && made_ == 0; }
  void run();
  bool try_one(std::unique_lock<std::mutex>& lock);

  server& server_;
  deadline_watch& watch_;
  const std::size_t most_;
  mutable std::mutex guard_;
  std::condition_variable changed_;  // for those who wait for a session
  std::condition_variable wanted_;   // for the thread that makes them
  std::vector<waiting_session> idle_;
  std::size_t made_ = 0;  // idle or leased
  std::size_t waiting_ = 0;
  std::optional<connect_failure> failure_;  // of the last attempt, when there was no session
  bool stopping_ = false;
  std::thread thread_;
};

// What callers hear while the server is away.
error unavailable(const std::string& why);
error late();

}  // namespace oficio::sql
