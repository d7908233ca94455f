// realtime-echo: a server that answers as the public test suites of Engine.IO and Socket.IO expect,
// so that any client and suite can be pointed at it.
#include <iostream>

#include <CLI/CLI.hpp>

#include "platform/http/server.hpp"
#include "platform/realtime/engine.hpp"
#include "platform/realtime/server.hpp"
#include "platform/runtime/application.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::realtime {
namespace {

using std::chrono::milliseconds;

// Engine.IO alone: every message goes back as it came.
class mirror final : public session_user {
 public:
  explicit mirror(const std::shared_ptr<session>& on) : on_(on) {}
  void received(std::string_view data, bool binary) override {
    auto f = binary ? frame::binary(data) : frame::text({"4", data});
    if (auto s = on_.lock()) s->send({&f, 1});
  }
  void closed(end_reason) override {}
  bool wants_pause() override { return false; }

 private:
  std::weak_ptr<session> on_;
};

awaitable<void> ask(socket_ptr s, args with) {
  auto answer = co_await s->ask("server-ask", with.from(), std::chrono::seconds(10));
  if (answer.has_value()) {
    s->emit("server-ask-done", answer->from());
  } else {
    s->emit("server-ask-failed", answer.error().code);
  }
}

std::string room_of(const args& with) {
  auto room = with.get<std::string>();
  return room.has_value() ? *room : std::string(with.text(0));
}

void serve(space& in) {
  in.on_connect([](const socket_ptr& s) {
    items payload;
    s->emit("auth", payload.add_json(s->auth()));
  });
  in.on("message",
        [](const socket_ptr& s, const args& with) { s->emit("message-back", with.from()); });
  in.on("message-with-ack", [](const socket_ptr&, const args& with) { return with.from(); });
  in.on("request-ack", ask);
  in.on("join", [](const socket_ptr& s, const args& with) { s->join(room_of(with)); });
  in.on("leave", [](const socket_ptr& s, const args& with) { s->leave(room_of(with)); });
  in.on("to-room", [](const socket_ptr& s, const args& with) {
    s->in().to(room_of(with)).emit("room-event", with.from(1));
  });
  in.on("kick", [](const socket_ptr& s, const args&) { s->disconnect(); });
  in.on("close-me", [](const socket_ptr& s, const args&) { s->close(); });
  in.on("drop-me", [](const socket_ptr& s, const args&) { s->drop(); });
}

awaitable<decision> refuse(visitor who) {
  auto payload = json::parse(who.auth);
  json::object data{{"code", "E_AUTH"}, {"echo", payload.has_value() ? *payload : json::value()}};
  co_return refusal{"Not authorized", std::move(data)};
}

struct settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::size_t threads = 1;
  std::int64_t ping_interval = 25'000;
  std::int64_t ping_timeout = 20'000;
  std::int64_t connect_timeout = 45'000;
  std::int64_t upgrade_timeout = 10'000;
  std::size_t max_payload = 1'000'000;
  std::size_t max_queued = 2'000'000;
  double events = 0;
  std::size_t per_address = 0;
  bool recovery = false;
};

engine_options engine_of(const settings& s, telemetry::metrics& figures) {
  engine_options out;
  out.ping_interval = milliseconds(s.ping_interval);
  out.ping_timeout = milliseconds(s.ping_timeout);
  out.upgrade_timeout = milliseconds(s.upgrade_timeout);
  out.max_payload = s.max_payload;
  out.max_queued_bytes = s.max_queued;
  out.max_sessions_per_address = s.per_address;
  out.per_connection.events = {s.events, s.events};
  out.cors.any_origin = true;
  out.metrics = &figures;
  return out;
}

class program {
 public:
  explicit program(const settings& s)
      : settings_(s),
        app_({.io_threads = s.threads, .stop_patience = milliseconds(3'000)}),
        log_(telemetry::make_console_sink(telemetry::format::readable, telemetry::level::info),
             "realtime-echo"),
        sockets_(app_.io(),
                 {.engine = engine_of(s, figures_),
                  .connect_timeout = milliseconds(s.connect_timeout),
                  .handlers_at_once = 64,
                  .recovery = {.on = s.recovery}},
                 log_),
        mirrors_(app_.io(), engine_of(s, figures_),
                 [](const auto& on) { return std::make_shared<mirror>(on); }) {
    for (auto name : {"/", "/custom"}) serve(sockets_.of(name));
    sockets_.of("/refused").authorise(refuse);
    sockets_.mount(routes_, "/socket.io/");
    mirrors_.mount(routes_, "/engine.io/");
    routes_.get("/metrics", [this](http::request&) { return tell_figures(); });
    http_ = http::make_server(app_.io(),
                              {.address = s.address,
                               .port = s.port,
                               .max_body_bytes = std::max<std::size_t>(1 << 20, s.max_payload),
                               .max_connections = 20'000,
                               .metrics = &figures_},
                              routes_, log_);
  }

  int run() {
    using runtime::stop_stage;
    app_.on_stop(stop_stage::stop_accepting, "http", [this](milliseconds) -> awaitable<void> {
      http_->stop_accepting();
      co_return;
    });
    app_.on_stop(stop_stage::finish_requests, "realtime",
                 [this](milliseconds patience) { return stop(patience); });
    return app_.run([this]() -> awaitable<void> {
      http_->start();
      std::cout << "listening on " << http_->port() << std::endl;
      co_return;
    });
  }

 private:
  awaitable<void> stop(milliseconds patience) {
    co_await sockets_.stop(patience);
    co_await mirrors_.stop(patience);
    co_await http_->finish(patience);
  }

  awaitable<result<http::response>> tell_figures() {
    http::response out;
    out.headers.set("Content-Type", "text/plain; version=0.0.4");
    out.body = figures_.text();
    co_return out;
  }

  const settings settings_;
  telemetry::metrics figures_;
  runtime::application app_;
  telemetry::logger log_;
  http::router routes_;
  server sockets_;
  engine mirrors_;
  std::unique_ptr<http::server> http_;
};

}  // namespace
}  // namespace oficio::realtime

int main(int argc, char** argv) {
  oficio::realtime::settings s;
  CLI::App words("Answers as the test suites of Engine.IO and Socket.IO expect.");
  words.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  words.add_option("--address", s.address);
  words.add_option("--port", s.port, "0: any free one; the first line says which");
  words.add_option("--threads", s.threads);
  words.add_option("--ping-interval", s.ping_interval, "milliseconds");
  words.add_option("--ping-timeout", s.ping_timeout, "milliseconds");
  words.add_option("--connect-timeout", s.connect_timeout, "milliseconds");
  words.add_option("--upgrade-timeout", s.upgrade_timeout, "milliseconds");
  words.add_option("--max-payload", s.max_payload, "bytes");
  words.add_option("--max-queued", s.max_queued, "bytes that wait for a slow reader");
  words.add_option("--events", s.events, "that a connection may send a second");
  words.add_option("--per-address", s.per_address, "sessions of one address");
  words.add_flag("--recovery", s.recovery, "clients may come back to what they missed");
  CLI11_PARSE(words, argc, argv);
  return oficio::realtime::program(s).run();
}
