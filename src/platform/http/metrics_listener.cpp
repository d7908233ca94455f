#include "platform/http/metrics_listener.hpp"

#include "platform/http/server.hpp"

namespace oficio::http {
namespace {

awaitable<result<response>> show(const telemetry::metrics& figures) {
  response out;
  out.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  out.body = figures.text();
  co_return out;
}

awaitable<result<response>> alive() {
  co_return json_response(200, std::string(R"({"status":"ok"})"));
}

// Scrapers are few and near.
server_options small_server(std::string address, std::uint16_t port) {
  server_options o;
  o.address = std::move(address);
  o.port = port;
  o.max_connections = 64;
  o.max_body_bytes = 1024;
  return o;
}

}  // namespace

struct metrics_listener::state {
  state(std::string address, std::uint16_t port, const telemetry::metrics& figures,
        telemetry::logger log) {
    routes.get("/metrics", [&figures](request&) { return show(figures); });
    routes.get("/healthz", [](request&) { return alive(); });
    served = make_server(io, small_server(std::move(address), port), routes, std::move(log));
    served->start();
  }

  boost::asio::io_context io{1};
  router routes;
  std::unique_ptr<server> served;
};

metrics_listener::metrics_listener(std::string address, std::uint16_t port,
                                   const telemetry::metrics& figures, telemetry::logger log)
    : state_(std::make_unique<state>(std::move(address), port, figures, std::move(log))),
      thread_([io = &state_->io] { io->run(); }) {}

metrics_listener::~metrics_listener() {
  state_->io.stop();
  thread_.join();
  state_->served.reset();
}

std::uint16_t metrics_listener::port() const {
  return state_->served->port();
}

}  // namespace oficio::http
