#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "platform/http/message.hpp"
#include "platform/http/router.hpp"

namespace oficio::http {

// Somebody who answers HTTP: a server at an address, or a router in this very process.
class upstream {
 public:
  virtual ~upstream() = default;

  // Sends r.method, r.target, r.headers and r.body with the deadline, trace and request id of r.ctx
  // (X-Deadline-Ms, traceparent, X-Request-Id). Any HTTP answer is a value.
  // Errors: unavailable `upstream_unavailable` (cannot connect), timeout `deadline_exceeded`,
  // bad_upstream `bad_upstream` (broken answer). Idempotent methods are tried once more on a fresh
  // connection when a kept-alive one turns out stale.
  virtual awaitable<result<response>> send(request& r) = 0;

  virtual std::string address() const = 0;
};

struct client_options {
  std::size_t max_connections = 64;  // per upstream address; more wait for a free one
  std::chrono::milliseconds connect_timeout{2'000};
  std::chrono::milliseconds idle_limit{15'000};  // a pooled connection idle for longer is dropped
  std::size_t max_answer_bytes = 16 * 1024 * 1024;
};

// `address` is "http://host:port", or several, comma-separated, which are taken in turn (an address
// that cannot be reached is passed over for a second). Throws std::invalid_argument if it is no
// such list.
std::unique_ptr<upstream> make_http_upstream(boost::asio::io_context& io, std::string address,
                                             client_options options);

// Calls `routes` in this process, without a socket; `routes` must outlive it.
std::unique_ptr<upstream> make_local_upstream(const router& routes, std::string name);

}  // namespace oficio::http
