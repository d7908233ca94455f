#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "platform/http/address.hpp"
#include "platform/http/router.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::telemetry {
class metrics;
}

namespace oficio::http {

class server_tls;

// Requests that may have a larger body than others: those of that method and path.
struct large_body {
  http::method method;
  std::string path;
  std::size_t max_bytes;
};

struct server_options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                             // 0: any free one
  std::size_t max_header_bytes = 16 * 1024;           // 431 beyond
  std::size_t max_header_fields = 100;                // 431 beyond
  std::size_t max_target_bytes = 8 * 1024;            // 414 beyond
  std::size_t max_body_bytes = 1024 * 1024;           // 413 beyond
  std::size_t max_bytes_at_once = 256 * 1024 * 1024;  // bodies of all requests in hand; 503 beyond
  std::vector<large_body> large_bodies = {};
  std::size_t max_large_bytes = 48 * 1024 * 1024;  // of all messages beyond max_body_bytes at once
  std::chrono::milliseconds large_body_wait{8'000};  // for room among them; then 503
  std::chrono::milliseconds large_body_timeout{120'000};
  std::size_t max_connections = 10'000;  // beyond, idle ones are closed, or new ones wait in the
                                         // kernel's queue
  std::size_t max_connections_per_client = 0;        // beyond, new ones are closed; 0: no limit
  std::chrono::milliseconds header_timeout{10'000};  // first byte to end of the header; then 408
  std::chrono::milliseconds body_timeout{30'000};    // then 408
  std::chrono::milliseconds idle_timeout{60'000};    // between requests
  std::chrono::milliseconds write_timeout{30'000};
  std::chrono::milliseconds handler_timeout{15'000};  // then 504; the handler may finish unseen
  bool trust_request_id = false;          // accept X-Request-Id, X-Deadline-Ms from the peer
  networks trusted_proxies = {};          // whose X-Forwarded-For tells the client
  std::shared_ptr<server_tls> tls = {};   // HTTPS, and nothing else on this port
  telemetry::metrics* metrics = nullptr;  // counts requests and connections; outlives the server
};

// An HTTP/1.1 server: keep-alive, one strand a connection, every wait with a limit. Each request
// gets a request id (UUIDv7; answered as X-Request-Id), a trace and a deadline before the router
// sees it, and one access log line after.
class server {
 public:
  virtual ~server() = default;

  // Throws boost::system::system_error if the address cannot be bound. Returns at once.
  virtual void start() = 0;
  virtual std::uint16_t port() const = 0;  // after start()

  // Stops accepting, and closes idle connections; those in a request answer it with
  // "Connection: close".
  virtual void stop_accepting() = 0;
  // Returns when no request is in flight, or after `at_most`; then closes what is left.
  virtual awaitable<void> finish(std::chrono::milliseconds at_most) = 0;

  virtual std::size_t requests_in_flight() const = 0;
  virtual std::size_t connections() const = 0;
};

// `routes` must outlive the server.
std::unique_ptr<server> make_server(boost::asio::io_context& io, server_options options,
                                    const router& routes, telemetry::logger log);

}  // namespace oficio::http
