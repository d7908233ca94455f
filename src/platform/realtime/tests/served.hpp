#pragma once

#include <array>
#include <memory>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>

#include "platform/http/server.hpp"
#include "platform/realtime/server.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::realtime::test {

inline bool eventually(const std::function<bool()>& holds) {
  auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

// A realtime server on a real HTTP server, with io threads, for as long as it lives.
class served {
 public:
  explicit served(server_options options = {}) : realtime(io_, with(std::move(options)), log()) {}

  std::uint16_t start() {
    realtime.mount(routes_);
    http_ = http::make_server(io_, {.max_connections = 20'000}, routes_, log());
    http_->start();
    for (auto& t : threads_) t = std::jthread([this] { io_.run(); });
    return http_->port();
  }

  ~served() {
    if (http_) stop();
    guard_.reset();
    io_.stop();
    for (auto& t : threads_) {
      if (t.joinable()) t.join();
    }
    http_.reset();
  }

  void stop() {
    http_->stop_accepting();
    wait(realtime.stop(std::chrono::seconds(5)));
    wait(http_->finish(std::chrono::seconds(5)));
  }

  template <class T>
  T wait(awaitable<T> work) {
    auto done = boost::asio::co_spawn(boost::asio::make_strand(io_), std::move(work),
                                      boost::asio::use_future);
    if (done.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
      throw std::runtime_error("nothing came back in 20 seconds");
    }
    return done.get();
  }

  std::size_t lines() const { return http_->connections(); }
  telemetry::metrics figures;

 private:
  static telemetry::logger log() { return {nullptr, "test"}; }
  server_options with(server_options o) {
    o.engine.metrics = &figures;
    return o;
  }

  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{
      io_.get_executor()};
  http::router routes_;
  std::array<std::jthread, 3> threads_;
  std::unique_ptr<http::server> http_;

 public:
  server realtime;
};

}  // namespace oficio::realtime::test
