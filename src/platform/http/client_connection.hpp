#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include "platform/base/context.hpp"
#include "platform/http/message.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::http::detail {

// Where an upstream is, and how it is spoken to.
struct peer {
  std::string host;
  std::string port;
  std::shared_ptr<boost::asio::ssl::context> tls;  // null: without encryption
};

// What came of one request on a connection.
struct call_outcome {
  boost::system::error_code failure;
  bool answer_begun = false;  // at least one byte of it arrived
  bool timed_out = false;
  bool reusable = false;
  bool unreachable = false;  // it could not be connected to again, so nobody has the request
  response answer;
};

// One kept-alive connection to an upstream; used by one call at a time.
class client_connection {
 public:
  virtual ~client_connection() = default;

  // Until it can be used: the name's look-up, TCP and TLS are under the deadline.
  virtual awaitable<boost::system::error_code> connect(steady_time deadline) = 0;
  // `head` is the complete request line and header.
  virtual awaitable<call_outcome> call(const std::string& head, const std::string& body,
                                       method asked, steady_time deadline) = 0;
  // As call(), but of an answer 200 only the header: its body comes by read_piece().
  virtual awaitable<call_outcome> begin(const std::string& head, const std::string& body,
                                        method asked, steady_time deadline) = 0;
  // Empty: it has ended. Errors: those of body_stream::next().
  virtual awaitable<result<std::string>> read_piece(steady_time until) = 0;
  // False if the peer has closed it, or sent what nobody asked for.
  virtual bool is_quiet() = 0;

  bool used = false;
  steady_time idle_since{};
};

std::unique_ptr<client_connection> make_client_connection(boost::asio::io_context& io, peer to,
                                                          std::size_t max_answer_bytes);

}  // namespace oficio::http::detail
