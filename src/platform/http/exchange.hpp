#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "platform/http/server_core.hpp"

namespace oficio::http::detail {

// One request and its answer. Shared by the connection and the handler, because a handler that
// overran its deadline still uses the request after the connection has answered 504.
class exchange {
 public:
  exchange(std::shared_ptr<server_core> core, const boost::asio::any_io_executor& strand,
           std::string peer);
  ~exchange();
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  // Takes request id, trace, deadline and client address from the header, where the peer is
  // trusted.
  void adopt_header();

  // Counts the bytes of the body so far; false if the requests in hand have too many together.
  bool may_hold(std::size_t body_bytes);

  // The body was read, which may have taken a while: the handler's time begins now.
  void is_whole();

  http::request request;
  bool readable = false;  // the request's line and header were understood
  bool keep_alive = true;
  bool takes_chunks = true;  // HTTP/1.0 does not
  message_room::lease room;  // that its message takes, if it is large
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

 private:
  friend awaitable<response> answer(std::shared_ptr<exchange> x,
                                    boost::asio::ip::tcp::socket& client);
  static void watch(const std::shared_ptr<exchange>& x, boost::asio::ip::tcp::socket& client);
  static awaitable<void> handle(std::shared_ptr<exchange> x);

  std::shared_ptr<server_core> core_;
  std::chrono::milliseconds patience_{0};
  boost::asio::steady_timer settled_;  // cancelled when the handler has ended
  std::size_t held_ = 0;               // bytes that are counted in the core
  response outcome_;
  bool done_ = false;
};

// Lets the routes answer, or answers 504 when the deadline passes first.
awaitable<response> answer(std::shared_ptr<exchange> x, boost::asio::ip::tcp::socket& client);

// One access log line, and one count, for an answered request.
void tell(server_core& core, const exchange& x, const response& r);

}  // namespace oficio::http::detail
