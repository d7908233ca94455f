#pragma once

#include "platform/security/cursor.hpp"
#include "services/gateway/forwarder.hpp"

namespace oficio::gateway {

// What operators see of the whole market: events that services could not handle. Each service shows
// its hundred oldest; handling some again brings the next to light.
class operators {
 public:
  operators(forwarder& to, std::string cursor_key) : to_(to), cursors_(std::move(cursor_key)) {}

  // GET /api/v1/ops/events and POST /api/v1/ops/events/{id}/replay.
  void add_routes(http::router& routes);

 private:
  awaitable<result<http::response>> list(http::request& r);
  awaitable<result<http::response>> replay(http::request& r);
  // The services' dead letters, the latest first. Error: unavailable if one of them is away.
  awaitable<result<std::vector<boost::json::object>>> dead(context ctx);

  forwarder& to_;
  security::cursor_signer cursors_;
};

}  // namespace oficio::gateway
