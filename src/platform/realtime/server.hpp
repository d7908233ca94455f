#pragma once

#include <memory>
#include <string>

#include "platform/http/router.hpp"
#include "platform/realtime/engine_options.hpp"
#include "platform/realtime/space.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::realtime {

class engine;

// What a client may come back to after its line was cut.
struct recovery_options {
  bool on = false;
  std::chrono::milliseconds max_away{120'000};
  std::size_t max_packets = 10'000;          // of one namespace
  std::size_t max_bytes = 16 * 1024 * 1024;  // likewise
  std::size_t max_clients = 20'000;          // that are away
};

struct server_options {
  engine_options engine = {};
  std::chrono::milliseconds connect_timeout{45'000};  // until a client is in a namespace
  std::size_t handlers_at_once = 1;                   // of a client; 1: events one after another
  std::uint32_t max_attachments = 10;                 // of a packet
  std::size_t max_attached_bytes = 4'000'000;         // likewise
  std::size_t max_spaces = 16;                        // that a connection may be in
  rates per_account = {};
  recovery_options recovery = {};
};

// A Socket.IO 5 server, on routes of an HTTP server. Namespaces and handlers are set before the
// first client comes; everything else is safe from any thread.
//
//   server io_server(io, {}, log);
//   io_server.on_connect([](const socket_ptr& s) { s->join("room of " + s->account()); });
//   io_server.on<note>("note", save);  // awaitable<result<saved>> save(socket_ptr, note)
//   io_server.mount(routes);
//   io_server.to("room of 7").emit("note", text);
class server {
 public:
  server(boost::asio::io_context& io, server_options options, telemetry::logger log);
  ~server();  // stop() must have been awaited, or the io threads must have ended

  void mount(http::router& routes, const std::string& path = "/socket.io/");

  // A namespace, which exists from the first time that it is asked for.
  space& of(const std::string& name);

  // Those of the namespace "/".
  template <class F>
  void on_connect(F f) {
    of("/").on_connect(std::move(f));
  }
  template <class F>
  void on(std::string name, F f) {
    of("/").on(std::move(name), std::move(f));
  }
  template <class T, class F>
  void on(std::string name, F f) {
    of("/").on<T>(std::move(name), std::move(f));
  }
  broadcast to(std::string room) { return of("/").to(std::move(room)); }

  std::size_t connections() const;
  // No more clients; those that are there are sent what waits, and closed. Returns when they and
  // the handlers that run are gone, or after `at_most`.
  awaitable<void> stop(std::chrono::milliseconds at_most);

 private:
  std::shared_ptr<server_core> core_;
  std::unique_ptr<engine> engine_;
};

}  // namespace oficio::realtime
