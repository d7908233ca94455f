#include "drivers/redis/connection.hpp"

#include <array>
#include <optional>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace oficio::redis {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

auto into(error_code& failure) {
  return asio::redirect_error(asio::use_awaitable, failure);
}

error refused(const std::string& why) {
  return {errc::unauthorized, "cache_refused", why};
}

// A server that is there but cannot serve yet, or not any more.
bool is_passing(const std::string& answer) {
  return answer.starts_with("LOADING") || answer.starts_with("BUSY") ||
         answer.starts_with("MASTERDOWN") || answer.starts_with("CLUSTERDOWN") ||
         answer.starts_with("ERR max number of clients");
}

class socket_connection final : public connection,
                                public std::enable_shared_from_this<socket_connection> {
 public:
  socket_connection(asio::any_io_executor strand, endpoint to)
      : to_(std::move(to)), socket_(strand), resolver_(strand), deadline_(strand) {
    if (to_.tls) encrypted_.emplace(socket_, *to_.tls);
  }

  awaitable<result<void>> open(steady_time deadline) override {
    watch(deadline);
    auto done = co_await enter();
    deadline_.cancel();
    if (done.has_value() && closed_) co_return away("was closed");
    if (done.has_error()) {
      if (late_) co_return away("does not answer in time");
      close();
    }
    co_return done;
  }

  awaitable<result<void>> write(const std::string& bytes) override {
    error_code failure;
    if (encrypted_) {
      co_await asio::async_write(*encrypted_, asio::buffer(bytes), into(failure));
    } else {
      co_await asio::async_write(socket_, asio::buffer(bytes), into(failure));
    }
    if (failure) co_return away(failure.message());
    co_return result<void>{};
  }

  awaitable<result<std::vector<reply>>> read() override {
    std::vector<reply> out;
    while (out.empty()) {
      CO_TRY_VOID(co_await receive());
      reply one;
      while (true) {
        auto got = reader_.next(one);
        if (got.has_error()) co_return away(got.error().detail);
        if (!*got) break;
        out.push_back(std::move(one));
      }
    }
    co_return out;
  }

  void close() override {
    closed_ = true;
    error_code ignored;
    resolver_.cancel();
    deadline_.cancel();
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
  }

  bool is_open() const override { return !closed_; }

 private:
  void watch(steady_time deadline) {
    deadline_.expires_at(deadline);
    deadline_.async_wait([weak = weak_from_this()](error_code stopped) {
      auto self = weak.lock();
      if (stopped || !self) return;
      self->late_ = true;
      self->close();
    });
  }

  awaitable<result<void>> enter() {
    error_code failure;
    auto found = co_await resolver_.async_resolve(to_.host, to_.port,
                                                  tcp::resolver::numeric_service, into(failure));
    if (failure) co_return away(failure.message());
    if (closed_) co_return away("was closed");
    co_await asio::async_connect(socket_, found, into(failure));
    if (failure) co_return away(failure.message());
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.set_option(asio::socket_base::keep_alive(true), ignored);
    if (encrypted_) CO_TRY_VOID(co_await shake_hands());
    co_return co_await introduce();
  }

  awaitable<result<void>> shake_hands() {
    error_code failure;
    asio::ip::make_address(to_.host, failure);
    if (failure) SSL_set_tlsext_host_name(encrypted_->native_handle(), to_.host.c_str());
    if (to_.verify) encrypted_->set_verify_callback(asio::ssl::host_name_verification(to_.host));
    failure = {};
    co_await encrypted_->async_handshake(asio::ssl::stream_base::client, into(failure));
    if (!failure) co_return result<void>{};
    if (failure.category() == asio::error::get_ssl_category() &&
        ERR_GET_REASON(static_cast<unsigned long>(failure.value())) ==
            SSL_R_CERTIFICATE_VERIFY_FAILED) {
      auto verdict = SSL_get_verify_result(encrypted_->native_handle());
      co_return refused("its certificate is not trusted (" +
                        std::string(X509_verify_cert_error_string(verdict)) + ")");
    }
    co_return away("TLS: " + failure.message());
  }

  awaitable<result<void>> introduce() {
    if (!to_.password.empty()) {
      CO_TRY_VOID(co_await ask(to_.user.empty() ? command({"AUTH", to_.password})
                                                : command({"AUTH", to_.user, to_.password})));
    }
    if (to_.database != "0") CO_TRY_VOID(co_await ask(command({"SELECT", to_.database})));
    co_return co_await ask(command({"PING"}));
  }

  awaitable<result<void>> ask(std::string what) {
    CO_TRY_VOID(co_await write(what));
    CO_TRY(auto answers, co_await read());
    const auto& answer = answers.front();
    if (!answer.failed()) co_return result<void>{};
    if (is_passing(answer.text)) co_return away(answer.text);
    co_return refused("\"" + answer.text + "\"");
  }

  awaitable<result<void>> receive() {
    error_code failure;
    std::size_t size = 0;
    if (encrypted_) {
      size = co_await encrypted_->async_read_some(asio::buffer(buffer_), into(failure));
    } else {
      size = co_await socket_.async_read_some(asio::buffer(buffer_), into(failure));
    }
    if (failure == asio::error::eof) co_return away("closed the connection");
    if (failure) co_return away(failure.message());
    reader_.feed({buffer_.data(), size});
    co_return result<void>{};
  }

  const endpoint to_;
  tcp::socket socket_;
  tcp::resolver resolver_;
  std::optional<asio::ssl::stream<tcp::socket&>> encrypted_;
  asio::steady_timer deadline_;
  std::array<char, 16 * 1024> buffer_{};
  reply_reader reader_;
  bool closed_ = false;
  bool late_ = false;
};

}  // namespace

std::shared_ptr<connection> make_connection(asio::any_io_executor strand, endpoint to) {
  return std::make_shared<socket_connection>(std::move(strand), std::move(to));
}

error away(const std::string& why) {
  return {errc::unavailable,
          "cache_unavailable",
          "The cache is away: " + why + ".",
          {},
          std::chrono::seconds(1)};
}

error refused_command(const std::string& answer) {
  return away("it answers \"" + answer + "\"");
}

}  // namespace oficio::redis
