#include "platform/http/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/http/connection.hpp"
#include "platform/http/server_core.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// The listening socket; everything but bind() happens on its strand.
struct listener {
  explicit listener(std::shared_ptr<detail::server_core> c)
      : core(std::move(c)), acceptor(asio::make_strand(core->io)) {}

  std::shared_ptr<detail::server_core> core;
  tcp::acceptor acceptor;

  void bind() {
    const auto& o = core->options;
    tcp::endpoint at(asio::ip::make_address(o.address), o.port);
    acceptor.open(at.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(at);
    acceptor.listen(asio::socket_base::max_listen_connections);
  }

  bool full() const { return core->connections() >= core->options.max_connections; }

  static awaitable<void> run(std::shared_ptr<listener> self) {
    while (!self->core->closing) {
      if (self->full()) {
        self->core->close_an_idle_one();
        co_await self->core->slot_freed.wait(std::chrono::seconds(1));
        continue;
      }
      error_code failure;
      auto socket = co_await self->acceptor.async_accept(
          asio::make_strand(self->core->io), asio::redirect_error(asio::use_awaitable, failure));
      if (!failure) {
        detail::start_connection(self->core, std::move(socket));
      } else if (!self->core->closing) {
        // Out of file descriptors, most likely: whoever waits in the kernel's queue waits on.
        self->core->log.warn("cannot accept a connection", {{"error.message", failure.message()}});
        co_await runtime::sleep_for(std::chrono::milliseconds(100));
      }
    }
  }
};

class beast_server final : public server {
 public:
  explicit beast_server(std::shared_ptr<detail::server_core> core)
      : core_(std::move(core)), listener_(std::make_shared<listener>(core_)) {
    if (auto* figures = core_->options.metrics) {
      told_ = figures->on_read([core = core_.get()](auto& to) {
        to.level("oficio_http_requests_in_flight", "Requests that are being answered", {},
                 static_cast<double>(core->in_flight.load()));
        to.level("oficio_http_body_bytes", "Bytes of request bodies in memory", {},
                 static_cast<double>(core->body_bytes.load()));
        to.level("oficio_http_connections", "Open connections", {},
                 static_cast<double>(core->connections()));
      });
    }
  }

  ~beast_server() override {
    stop_accepting();
    close_all();
  }

  void start() override {
    try {
      listener_->bind();
    } catch (const boost::system::system_error& e) {
      throw boost::system::system_error(e.code(), "cannot listen on " + core_->options.address +
                                                      ":" + std::to_string(core_->options.port));
    }
    port_ = listener_->acceptor.local_endpoint().port();
    asio::co_spawn(listener_->acceptor.get_executor(), listener::run(listener_), asio::detached);
  }

  std::uint16_t port() const override { return port_; }

  void stop_accepting() override {
    core_->closing = true;
    asio::post(listener_->acceptor.get_executor(), [l = listener_] {
      error_code ignored;
      l->acceptor.close(ignored);
    });
    core_->slot_freed.notify();
    for (const auto& c : core_->open_connections()) c->close_if_idle();
  }

  awaitable<void> finish(std::chrono::milliseconds at_most) override {
    auto until = std::chrono::steady_clock::now() + at_most;
    while (requests_in_flight() > 0 && std::chrono::steady_clock::now() < until) {
      co_await runtime::sleep_for(std::chrono::milliseconds(5));
    }
    close_all();
    auto closed_by = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    while (connections() > 0 && std::chrono::steady_clock::now() < closed_by) {
      co_await runtime::sleep_for(std::chrono::milliseconds(5));
    }
  }

  std::size_t requests_in_flight() const override { return core_->in_flight; }

  std::size_t connections() const override { return core_->connections(); }

 private:
  void close_all() const {
    for (const auto& c : core_->open_connections()) c->close();
  }

  std::shared_ptr<detail::server_core> core_;
  std::shared_ptr<listener> listener_;
  std::uint16_t port_ = 0;
  telemetry::metrics::handle told_;
};

}  // namespace

std::unique_ptr<server> make_server(asio::io_context& io, server_options options,
                                    const router& routes, telemetry::logger log) {
  return std::make_unique<beast_server>(
      std::make_shared<detail::server_core>(io, std::move(options), routes, std::move(log)));
}

}  // namespace oficio::http
