#pragma once

#include <boost/asio/ssl/stream.hpp>

#include "platform/http/connection.hpp"
#include "platform/http/line.hpp"

namespace oficio::http::detail {

// Lines as the server sees them: connections that it counts, and closes when it ends. `early` is
// what the client sent behind its request.
class counted_line : public line, public connection {
 public:
  bool is_idle_for(std::chrono::milliseconds) const final { return false; }
  void close_if_idle() final {}
  void close() override = 0;
  // Before anything else, on its executor.
  virtual void begin() = 0;
};

// What a line needs of the server.
struct line_place {
  std::shared_ptr<server_core> core;
  std::string peer;
  std::string early;
};

std::shared_ptr<counted_line> make_line(boost::asio::ip::tcp::socket& socket, line_place place);
// `owner` keeps the stream.
std::shared_ptr<counted_line> make_line(
    std::shared_ptr<void> owner, boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>& stream,
    line_place place);

}  // namespace oficio::http::detail
