#pragma once

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "drivers/redis/endpoint.hpp"
#include "drivers/redis/protocol.hpp"
#include "platform/base/context.hpp"
#include "platform/runtime/awaitable.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::redis {

// Whom an answer is for.
class asker {
 public:
  virtual ~asker() = default;
  virtual void answer(result<reply> r) = 0;
};

// Sends commands over one connection, many in flight at once (whatever is asked while the last
// write is on its way goes out in one), and connects again, with growing pauses, when it is lost.
// Meanwhile calls fail at once. At most 10,000 calls and 64 MiB wait. Thread-safe.
class client {
 public:
  // Connects from now on. The client's work ends with it; `io` outlives it.
  client(boost::asio::io_context& io, endpoint to, telemetry::logger log);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  // Errors: unavailable `cache_unavailable`, timeout `deadline_exceeded` (Redis may still have done
  // it). What Redis itself says of a command is a reply of type failure.
  awaitable<result<reply>> call(const context& ctx, std::string command) {
    auto size = command.size();
    CO_TRY_VOID(admit(size));
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                   void(std::exception_ptr, result<reply>)>(
        [this](auto handler, steady_time deadline, std::string bytes) {
          send(std::move(bytes), deadline,
               std::make_unique<waiting<decltype(handler)>>(std::move(handler)));
        },
        boost::asio::use_awaitable, ctx.deadline, std::move(command));
  }

 private:
  // A coroutine that waits; it is resumed where it belongs.
  template <class Handler>
  class waiting final : public asker {
   public:
    explicit waiting(Handler h)
        : guard_(boost::asio::make_work_guard(boost::asio::get_associated_executor(h))),
          handler_(std::move(h)) {}
    void answer(result<reply> r) override {
      boost::asio::post(guard_.get_executor(),
                        [h = std::move(handler_), r = std::move(r)]() mutable {
                          std::move(h)(std::exception_ptr{}, std::move(r));
                        });
    }

   private:
    boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> guard_;
    Handler handler_;
  };

  result<void> admit(std::size_t bytes) const;
  void send(std::string bytes, steady_time deadline, std::unique_ptr<asker> who);

  class core;
  std::shared_ptr<core> core_;
};

}  // namespace oficio::redis
