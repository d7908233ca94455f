#pragma once

#include <memory>

#include "platform/http/router.hpp"
#include "platform/realtime/session.hpp"

namespace oficio::realtime {

// An Engine.IO 4 server: sessions over HTTP long-polling and WebSocket, on routes of an HTTP
// server. Thread-safe.
class engine {
 public:
  // `make_user` is called once for each session, before anything comes from it.
  engine(boost::asio::io_context& io, engine_options options,
         std::function<std::shared_ptr<session_user>(const std::shared_ptr<session>&)> make_user);
  ~engine();

  // All methods of `path`. The engine outlives the routes' use.
  void mount(http::router& routes, const std::string& path);

  std::size_t sessions() const;
  // No more sessions; those that are there end orderly. Returns when all have, or after `at_most`.
  awaitable<void> stop(std::chrono::milliseconds at_most);

 private:
  std::shared_ptr<engine_core> core_;
  telemetry::metrics::handle told_;
};

}  // namespace oficio::realtime
