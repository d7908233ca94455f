#pragma once

#include <memory>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "platform/base/context.hpp"

namespace oficio::http::detail {

// Cancels a socket's operation when its deadline passes. The timer is left running when an
// operation ends in time, and looks again when it fires: nearly all deadlines are met, so nearly
// none touches a timer. On the socket's strand.
class watchdog : public std::enable_shared_from_this<watchdog> {
 public:
  explicit watchdog(boost::asio::ip::tcp::socket& socket)
      : socket_(&socket), timer_(socket.get_executor()) {}

  void begin(steady_time deadline) {
    deadline_ = deadline;
    fired_ = false;
    if (!armed_ || deadline < armed_for_) arm(deadline);
  }

  // What the operation failed with, told as a timeout if we were the cause.
  boost::system::error_code end(boost::system::error_code failure) {
    deadline_ = steady_time::max();
    bool ours = failure && fired_;
    return ours ? boost::system::error_code(boost::asio::error::timed_out) : failure;
  }

  // The socket goes; nothing may begin any more.
  void stop() {
    socket_ = nullptr;
    timer_.cancel();
  }

 private:
  void arm(steady_time at) {
    armed_ = true;
    armed_for_ = at;
    timer_.expires_at(at);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code stopped) {
      if (!stopped) self->look();
    });
  }

  void look() {
    armed_ = false;
    if (!socket_ || deadline_ == steady_time::max()) return;
    if (std::chrono::steady_clock::now() < deadline_) return arm(deadline_);
    fired_ = true;
    boost::system::error_code ignored;
    socket_->cancel(ignored);
  }

  boost::asio::ip::tcp::socket* socket_;
  boost::asio::steady_timer timer_;
  steady_time deadline_ = steady_time::max();
  steady_time armed_for_ = steady_time::max();
  bool armed_ = false;
  bool fired_ = false;
};

}  // namespace oficio::http::detail
