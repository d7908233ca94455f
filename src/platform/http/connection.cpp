#include "platform/http/connection.hpp"

#include <array>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>

#include "platform/http/exchange.hpp"
#include "platform/http/request_reading.hpp"
#include "platform/http/wire.hpp"

namespace oficio::http::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using boost::system::system_error;

namespace {

// A lost connection (closed, reset, too slow) is a system_error, which ends serve().
class beast_connection final : public connection,
                               public std::enable_shared_from_this<beast_connection> {
 public:
  beast_connection(std::shared_ptr<server_core> core, asio::ip::tcp::socket socket)
      : core_(std::move(core)), stream_(std::move(socket)) {
    error_code ignored;
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    auto peer = stream_.socket().remote_endpoint(ignored);
    if (!ignored) peer_ = peer.address().to_string();
  }

  ~beast_connection() override {
    {
      std::lock_guard lock(core_->guard);
      core_->open.erase(this);
    }
    core_->slot_freed.notify();
  }

  static awaitable<void> run(std::shared_ptr<beast_connection> self) {
    std::string why;
    try {
      co_await self->serve();
    } catch (const system_error& e) {
      why = e.code().message();
    } catch (const std::exception& e) {
      self->core_->log.error("connection", {{"error.message", e.what()}});
    }
    if (!why.empty() && self->busy_) {
      self->core_->log.debug("connection lost",
                             {{"error.message", why}, {"client.ip", self->peer_}});
    }
    error_code ignored;
    self->stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    self->stream_.close();
  }

  void close_if_idle() override {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      if (!self->busy_) self->stream_.close();
    });
  }

  void close() override {
    asio::post(stream_.get_executor(), [self = shared_from_this()] { self->stream_.close(); });
  }

 private:
  using parser = beast::http::request_parser<beast::http::string_body>;

  awaitable<void> serve() {
    bool again = true;
    while (again && !core_->closing) {
      if (buffer_.size() == 0) co_await wait_for_bytes();
      busy_ = true;
      again = co_await exchange_one();
      busy_ = false;
    }
  }

  awaitable<void> wait_for_bytes() {
    stream_.expires_after(core_->options.idle_timeout);
    auto size = co_await stream_.async_read_some(buffer_.prepare(4096), asio::use_awaitable);
    buffer_.commit(size);
  }

  // True if the connection may be used again.
  awaitable<bool> exchange_one() {
    auto x = std::make_shared<exchange>(core_, stream_.get_executor(), peer_);
    auto refusal = co_await read(*x);
    if (refusal) x->keep_alive = false;
    response r = refusal ? std::move(*refusal) : co_await answer(x);
    bool keep_alive = x->keep_alive && !core_->closing;
    co_await write(*x, r, keep_alive);
    log_access(core_->log, *x, r);
    if (refusal) co_await linger();
    co_return keep_alive;
  }

  // An answer if the request must not reach the routes.
  awaitable<std::optional<response>> read(exchange& x) {
    parser in;
    in.header_limit(static_cast<std::uint32_t>(core_->options.max_header_bytes));
    in.body_limit(core_->options.max_body_bytes);
    error_code failure;
    stream_.expires_after(core_->options.header_timeout);
    co_await beast::http::async_read_header(stream_, buffer_, in,
                                            asio::redirect_error(asio::use_awaitable, failure));
    if (failure) co_return refuse_or_throw(failure, in, x);
    if (auto refusal = read_head(in.get(), core_->options, x)) co_return refusal;
    stream_.expires_after(core_->options.body_timeout);
    if (!in.is_done() && expects_continue(in.get())) co_await write_continue();
    co_await beast::http::async_read(stream_, buffer_, in,
                                     asio::redirect_error(asio::use_awaitable, failure));
    if (failure) co_return refuse_or_throw(failure, in, x);
    x.keep_alive = in.keep_alive();
    x.request.body = std::move(in.get().body());
    co_return std::nullopt;
  }

  response refuse_or_throw(error_code failure, const parser& in, const exchange& x) {
    auto refusal = refusal_of(failure, !in.get().target().empty(), core_->options, x.request.ctx);
    if (!refusal) throw system_error(failure);
    return std::move(*refusal);
  }

  awaitable<void> write_continue() {
    co_await asio::async_write(stream_, asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25),
                               asio::use_awaitable);
  }

  awaitable<void> write(const exchange& x, const response& r, bool keep_alive) {
    auto asked = x.request.method;
    std::string head = response_head(r, asked, x.request.ctx.request_id, keep_alive);
    std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::const_buffer()};
    if (may_have_body(r.status, asked)) parts[1] = asio::buffer(r.body);
    stream_.expires_after(core_->options.write_timeout);
    co_await asio::async_write(stream_, parts, asio::use_awaitable);
  }

  // After a refusal the client may still be sending. Closing at once would reset the connection,
  // and the client might never see why; so some of it is read and dropped.
  awaitable<void> linger() {
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send);
    stream_.expires_after(std::chrono::seconds(2));
    std::array<char, 16 * 1024> dropped{};
    for (std::size_t total = 0; total < 4 * 1024 * 1024;) {
      total += co_await stream_.async_read_some(asio::buffer(dropped), asio::use_awaitable);
    }
  }

  std::shared_ptr<server_core> core_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::string peer_;
  bool busy_ = false;  // on the strand
};

}  // namespace

void start_connection(std::shared_ptr<server_core> core, asio::ip::tcp::socket socket) {
  auto strand = socket.get_executor();
  auto made = std::make_shared<beast_connection>(core, std::move(socket));
  {
    std::lock_guard lock(core->guard);
    core->open.emplace(made.get(), made);
  }
  asio::co_spawn(strand, beast_connection::run(std::move(made)), asio::detached);
}

}  // namespace oficio::http::detail
