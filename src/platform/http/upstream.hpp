#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "platform/http/client_trust.hpp"
#include "platform/http/message.hpp"
#include "platform/http/router.hpp"

namespace oficio::telemetry {
class metrics;
}

namespace oficio::http {

// Somebody who answers HTTP: a server at an address, or a router in this very process.
class upstream {
 public:
  virtual ~upstream() = default;

  // Sends r.method, r.target, r.headers and r.body with the deadline, trace and request id of r.ctx
  // (X-Deadline-Ms, traceparent, X-Request-Id). Any HTTP answer is a value.
  // Errors: unavailable `upstream_unavailable` (cannot connect), `circuit_open` (it failed too
  // often lately: not even tried) and `overloaded`, timeout `deadline_exceeded`, bad_upstream
  // `bad_upstream` (broken answer). What was never sent goes to the next address; an idempotent
  // request that got no byte of an answer is sent once more, within a budget. The body is taken:
  // what is left of it is not said.
  virtual awaitable<result<response>> send(request& r) = 0;

  // As send(), but of an answer 200 only the beginning: its body, which may go on for ever, is in
  // `stream`, and holds a connection for as long as that lives. r.ctx.deadline is for the beginning
  // alone.
  virtual awaitable<result<response>> follow(request& r) = 0;

  virtual std::string address() const = 0;
};

struct client_options {
  std::size_t max_connections = 64;  // per upstream address; more wait for a free one
  std::chrono::milliseconds connect_timeout{2'000};
  std::chrono::milliseconds idle_limit{15'000};  // a pooled connection idle for longer is dropped
  std::size_t max_answer_bytes = 16 * 1024 * 1024;
  telemetry::metrics* metrics = nullptr;  // counts calls and connections; outlives the upstream
  client_trust trust = {};                // of https upstreams
};

// `address` is "http://host:port" or "https://host:port" (whose certificate must be for that host),
// or several, comma-separated, which are taken in turn. One that failed within the last second
// comes last; one that fails again and again is left alone for growing pauses (1 s to 30 s). Throws
// std::invalid_argument if it is no such list, std::runtime_error if a file of `trust` is of no
// use.
std::unique_ptr<upstream> make_http_upstream(boost::asio::io_context& io, std::string address,
                                             client_options options);

// Calls `routes` in this process, without a socket; `routes` must outlive it.
std::unique_ptr<upstream> make_local_upstream(const router& routes, std::string name);

}  // namespace oficio::http
