#include "platform/http/transport.hpp"

#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "platform/http/lines.hpp"
#include "platform/http/resolving.hpp"
#include "platform/http/watchdog.hpp"

namespace oficio::http::detail {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

auto into(error_code& failure) {
  return asio::redirect_error(asio::use_awaitable, failure);
}

// What plain and encrypted connections have in common: the socket and its deadlines.
class socket_transport : public transport {
 public:
  explicit socket_transport(tcp::socket socket)
      : socket_(std::move(socket)), watch_(std::make_shared<watchdog>(socket_)) {}

  ~socket_transport() override {
    if (!closed_) watch_->stop();
  }

  awaitable<error_code> connect(std::string host, std::string port, steady_time deadline) override {
    auto found =
        co_await resolve(socket_.get_executor(), std::move(host), std::move(port), deadline);
    error_code failure = found.failure;
    for (const auto& at : found.endpoints) {
      socket_.close(failure);
      socket_.open(at.protocol(), failure);
      if (failure) continue;
      watch_->begin(deadline);
      co_await socket_.async_connect(at, into(failure));
      failure = watch_->end(failure);
      if (!failure || failure == asio::error::timed_out) break;
    }
    error_code ignored;
    if (!failure) socket_.set_option(tcp::no_delay(true), ignored);
    co_return failure;
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    watch_->stop();
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
  }

  tcp::socket& socket() override { return socket_; }

 protected:
  // No deadlines any more.
  void retire() {
    closed_ = true;
    watch_->stop();
  }

  // On the stream that carries the data: the socket, or TLS around it.
  template <class Stream>
  awaitable<read_outcome> read_from(Stream& from, asio::mutable_buffer to, steady_time deadline) {
    read_outcome out;
    watch_->begin(deadline);
    out.size = co_await from.async_read_some(to, into(out.failure));
    out.failure = watch_->end(out.failure);
    co_return out;
  }

  template <class Stream>
  awaitable<error_code> write_to(Stream& to, std::array<asio::const_buffer, 2> parts,
                                 steady_time deadline) {
    error_code failure;
    watch_->begin(deadline);
    co_await asio::async_write(to, parts, into(failure));
    co_return watch_->end(failure);
  }

  tcp::socket socket_;
  std::shared_ptr<watchdog> watch_;

 private:
  bool closed_ = false;
};

class plain_transport final : public socket_transport {
 public:
  using socket_transport::socket_transport;

  awaitable<error_code> handshake(steady_time) override { co_return error_code{}; }
  awaitable<read_outcome> read_some(asio::mutable_buffer to, steady_time deadline) override {
    return read_from(socket_, to, deadline);
  }
  awaitable<error_code> write(std::array<asio::const_buffer, 2> parts,
                              steady_time deadline) override {
    return write_to(socket_, parts, deadline);
  }
  awaitable<void> end(steady_time) override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    co_return;
  }
  std::shared_ptr<counted_line> leave(line_place place) override {
    retire();
    return make_line(socket_, std::move(place));
  }
};

class tls_transport final : public socket_transport,
                            public std::enable_shared_from_this<tls_transport> {
 public:
  tls_transport(tcp::socket socket, std::shared_ptr<asio::ssl::context> tls,
                asio::ssl::stream_base::handshake_type side)
      : socket_transport(std::move(socket)),
        tls_(std::move(tls)),
        stream_(socket_, *tls_),
        side_(side) {}

  // Server name indication, and whose certificate it must be.
  void expect_host(const std::string& host) {
    error_code no_address;
    asio::ip::make_address(host, no_address);
    if (no_address) SSL_set_tlsext_host_name(stream_.native_handle(), host.c_str());
    if (SSL_CTX_get_verify_mode(tls_->native_handle()) == SSL_VERIFY_NONE) return;
    stream_.set_verify_callback(asio::ssl::host_name_verification(host));
  }

  awaitable<error_code> handshake(steady_time deadline) override {
    error_code failure;
    watch_->begin(deadline);
    co_await stream_.async_handshake(side_, into(failure));
    co_return watch_->end(failure);
  }
  awaitable<read_outcome> read_some(asio::mutable_buffer to, steady_time deadline) override {
    return read_from(stream_, to, deadline);
  }
  awaitable<error_code> write(std::array<asio::const_buffer, 2> parts,
                              steady_time deadline) override {
    return write_to(stream_, parts, deadline);
  }
  awaitable<void> end(steady_time deadline) override {
    error_code ignored;
    watch_->begin(deadline);
    co_await stream_.async_shutdown(into(ignored));
    watch_->end(ignored);
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  }
  std::shared_ptr<counted_line> leave(line_place place) override {
    retire();
    return make_line(shared_from_this(), stream_, std::move(place));
  }

 private:
  std::shared_ptr<asio::ssl::context> tls_;
  asio::ssl::stream<tcp::socket&> stream_;
  asio::ssl::stream_base::handshake_type side_;
};

}  // namespace

std::shared_ptr<transport> make_plain_transport(tcp::socket socket) {
  return std::make_shared<plain_transport>(std::move(socket));
}

std::shared_ptr<transport> make_tls_server(tcp::socket socket,
                                           std::shared_ptr<asio::ssl::context> tls) {
  return std::make_shared<tls_transport>(std::move(socket), std::move(tls),
                                         asio::ssl::stream_base::server);
}

std::shared_ptr<transport> make_tls_client(tcp::socket socket,
                                           std::shared_ptr<asio::ssl::context> tls,
                                           const std::string& host) {
  auto made = std::make_shared<tls_transport>(std::move(socket), std::move(tls),
                                              asio::ssl::stream_base::client);
  made->expect_host(host);
  return made;
}

}  // namespace oficio::http::detail
