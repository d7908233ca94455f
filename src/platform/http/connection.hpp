#pragma once

#include <chrono>
#include <memory>

#include <boost/asio/ip/tcp.hpp>

#include "platform/http/server_core.hpp"

namespace oficio::http::detail {

// One client's connection; owns itself until it ends. All calls are safe from any thread.
class connection {
 public:
  virtual ~connection() = default;
  // True if it has been waiting for its next request for so long.
  virtual bool is_idle_for(std::chrono::milliseconds time) const = 0;
  virtual void close_if_idle() = 0;
  virtual void close() = 0;
};

// Registers the connection with `core` and starts to serve it; `socket` must be on a strand.
void start_connection(std::shared_ptr<server_core> core, boost::asio::ip::tcp::socket socket);

}  // namespace oficio::http::detail
