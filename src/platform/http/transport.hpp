#pragma once

#include <array>
#include <memory>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "platform/base/context.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::http::detail {

class counted_line;
struct line_place;

struct read_outcome {
  boost::system::error_code failure;
  std::size_t size = 0;
};

// The bytes of one connection, plain or encrypted. Everything is called on the socket's executor,
// which is a strand, and by one coroutine at a time. An operation that is not done by its deadline
// fails with asio::error::timed_out and leaves the connection open: there may be something to say.
class transport {
 public:
  virtual ~transport() = default;

  virtual awaitable<boost::system::error_code> handshake(steady_time deadline) = 0;
  virtual awaitable<read_outcome> read_some(boost::asio::mutable_buffer to,
                                            steady_time deadline) = 0;
  virtual awaitable<boost::system::error_code> write(std::array<boost::asio::const_buffer, 2> parts,
                                                     steady_time deadline) = 0;
  // Says that nothing more will be sent.
  virtual awaitable<void> end(steady_time deadline) = 0;
  virtual void close() = 0;

  // Connects to the first of the host's addresses that answers; the name's look-up is under the
  // deadline, too.
  virtual awaitable<boost::system::error_code> connect(std::string host, std::string port,
                                                       steady_time deadline) = 0;
  virtual boost::asio::ip::tcp::socket& socket() = 0;

  // The connection leaves HTTP; nothing else may be called after.
  virtual std::shared_ptr<counted_line> leave(line_place place) = 0;
};

std::shared_ptr<transport> make_plain_transport(boost::asio::ip::tcp::socket socket);

// `tls` may be exchanged by its owner meanwhile: this connection keeps its own.
std::shared_ptr<transport> make_tls_server(boost::asio::ip::tcp::socket socket,
                                           std::shared_ptr<boost::asio::ssl::context> tls);
// Its handshake succeeds only with a certificate for `host` that the context's authorities vouch
// for.
std::shared_ptr<transport> make_tls_client(boost::asio::ip::tcp::socket socket,
                                           std::shared_ptr<boost::asio::ssl::context> tls,
                                           const std::string& host);

}  // namespace oficio::http::detail
