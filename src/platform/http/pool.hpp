#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/result.hpp"
#include "platform/http/breaker.hpp"
#include "platform/http/client_connection.hpp"
#include "platform/http/upstream.hpp"
#include "platform/runtime/notifier.hpp"

namespace oficio::http::detail {

// The connections to one address: at most so many, the idle ones kept for a while. Thread-safe.
class connection_pool : public std::enable_shared_from_this<connection_pool> {
 public:
  connection_pool(boost::asio::io_context& io, peer to, client_options o);

  // The right to one connection. It goes back to the pool by give_back(), or is closed with the
  // lease.
  class lease {
   public:
    lease(std::shared_ptr<connection_pool> from, std::unique_ptr<client_connection> held);
    ~lease();
    lease(lease&&) noexcept = default;
    lease& operator=(lease&&) = delete;

    client_connection& operator*() const { return *held_; }
    client_connection* operator->() const { return held_.get(); }
    void give_back();
    // Exchanges a stale connection for one that is not connected yet.
    void renew();

   private:
    std::shared_ptr<connection_pool> from_;
    std::unique_ptr<client_connection> held_;
  };

  // A kept connection (used == true), or a new one that is not connected yet. Waits for a free one.
  // Errors: timeout `deadline_exceeded`, unavailable `overloaded`.
  awaitable<result<lease>> acquire(const context& ctx);

  const std::string& host() const { return to_.host; }
  const std::string& port() const { return to_.port; }

  // The right to make one call, from the address's circuit breaker. If it is not told how the call
  // went, it was not made.
  class permit {
   public:
    explicit permit(std::shared_ptr<connection_pool> from) : from_(std::move(from)) {}
    ~permit();
    permit(permit&&) noexcept = default;
    permit& operator=(permit&&) = delete;
    void succeeded();
    void failed();

   private:
    std::shared_ptr<connection_pool> from_;
  };
  // None while the address is given up.
  std::optional<permit> let_through();

  struct health {
    circuit_breaker::state circuit;
    bool failed_lately;  // other addresses come first
    steady_time next_try;
    std::size_t open;  // connections, idle ones included
    std::size_t idle;
    std::size_t waiting;  // calls without one
  };
  health now() const;

 private:
  std::unique_ptr<client_connection> take();  // null: all are in use
  void put(std::unique_ptr<client_connection> back, bool keep);
  void forget(const std::shared_ptr<runtime::notifier>& waiter);

  boost::asio::io_context& io_;
  const peer to_;
  const client_options options_;

  mutable std::mutex guard_;
  std::vector<std::unique_ptr<client_connection>> idle_;  // under guard_, the last is the freshest
  std::size_t open_ = 0;                                  // under guard_, idle ones included
  std::deque<std::shared_ptr<runtime::notifier>> waiters_;  // under guard_
  circuit_breaker breaker_;                                 // under guard_
};

}  // namespace oficio::http::detail
