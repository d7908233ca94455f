#include "platform/http/connection.hpp"

#include <array>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include "platform/http/body_stream.hpp"
#include "platform/http/exchange.hpp"
#include "platform/http/head_scanner.hpp"
#include "platform/http/large_bodies.hpp"
#include "platform/http/lines.hpp"
#include "platform/http/pump.hpp"
#include "platform/http/request_reading.hpp"
#include "platform/http/tls.hpp"
#include "platform/http/transport.hpp"
#include "platform/http/wire.hpp"

namespace oficio::http::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using boost::system::system_error;

namespace {

constexpr std::size_t small_read = 4096;

void check(error_code failure) {
  if (failure) throw system_error(failure);
}

std::shared_ptr<transport> make_transport(const server_options& options, tcp::socket socket) {
  if (!options.tls) return make_plain_transport(std::move(socket));
  return make_tls_server(std::move(socket), options.tls->current());
}

// A lost connection (closed, reset, too slow) is a system_error, which ends serve().
class client_session final : public connection,
                             public std::enable_shared_from_this<client_session> {
 public:
  client_session(std::shared_ptr<server_core> core, tcp::socket socket, std::string peer)
      : core_(std::move(core)),
        strand_(socket.get_executor()),
        line_(make_transport(core_->options, std::move(socket))),
        peer_(std::move(peer)) {
    error_code ignored;
    line_->socket().set_option(tcp::no_delay(true), ignored);
  }

  ~client_session() override {
    if (!left_) core_->closed(*this, peer_);
  }

  static awaitable<void> run(std::shared_ptr<client_session> self) {
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
    if (!self->left_) self->line_->close();
  }

  bool is_idle_for(std::chrono::milliseconds time) const override {
    auto since = idle_since_.load(std::memory_order_relaxed);
    return since != steady_time{} && std::chrono::steady_clock::now() - since >= time;
  }

  void close_if_idle() override {
    asio::post(strand_, [self = shared_from_this()] {
      if (!self->busy_ && !self->left_) self->line_->close();
    });
  }

  void close() override {
    asio::post(strand_, [self = shared_from_this()] {
      if (!self->left_) self->line_->close();
    });
  }

 private:
  using parser = beast::http::request_parser<beast::http::string_body>;

  static steady_time in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
  }

  awaitable<void> serve() {
    check(co_await line_->handshake(in(core_->options.header_timeout)));
    bool again = true;
    while (again && !core_->closing) {
      if (buffer_.size() == 0) co_await wait_for_bytes();
      busy_ = true;
      again = co_await exchange_one();
      busy_ = false;
    }
    if (!left_) co_await line_->end(in(std::chrono::seconds(1)));
  }

  awaitable<void> wait_for_bytes() {
    // What waits for its next request for a minute holds little meanwhile.
    if (buffer_.capacity() > 2 * small_read) buffer_.shrink_to_fit();
    idle_since_.store(std::chrono::steady_clock::now(), std::memory_order_relaxed);
    check(co_await read_more(*line_, buffer_, small_read, in(core_->options.idle_timeout)));
    idle_since_.store(steady_time{}, std::memory_order_relaxed);
  }

  // True if the connection may be used again.
  awaitable<bool> exchange_one() {
    auto x = std::make_shared<exchange>(core_, strand_, peer_);
    auto refusal = co_await read(*x);
    if (refusal) x->keep_alive = false;
    response r = refusal ? std::move(*refusal) : co_await answer(x, line_->socket());
    admit(*core_, *x, r);
    bool keep_alive = x->keep_alive && !core_->closing && (x->takes_chunks || !r.stream);
    if (r.stream) tell(*core_, *x, r);  // how long it will be is nobody's waiting
    co_await write(*x, r, keep_alive);
    if (!r.stream) tell(*core_, *x, r);
    if (refusal) co_await linger();
    if (r.status == 101 && r.next) {
      leave(std::move(r.next));
      co_return false;
    }
    co_return keep_alive;
  }

  // What was read behind the request belongs to the next protocol.
  void leave(take_over next) {
    left_ = true;
    std::string early(static_cast<const char*>(buffer_.data().data()), buffer_.size());
    auto made = line_->leave({core_, peer_, std::move(early)});
    core_->replaced(*this, made);
    asio::post(made->executor(), [core = core_, made, next = std::move(next)] {
      try {
        made->begin();
      } catch (const system_error& e) {
        core->log.error("cannot watch a connection", {{"error.message", e.code().message()}});
        return;  // which closes it
      }
      next(made);
    });
  }

  // An answer if the request must not reach the routes.
  awaitable<std::optional<response>> read(exchange& x) {
    const auto& options = core_->options;
    const auto& ctx = x.request.ctx;
    std::size_t size = 0;
    if (auto refusal = co_await read_head_bytes(ctx, size)) co_return refusal;

    parser in;
    in.header_limit(static_cast<std::uint32_t>(options.max_header_bytes + 1));
    in.body_limit(boost::none);  // known once the line and the header are
    error_code failure;
    buffer_.consume(in.put(asio::buffer(buffer_.data().data(), size), failure));
    if (failure) co_return refuse_or_throw(failure, options.max_body_bytes, ctx);
    if (auto refusal = read_head(in.get(), options, x)) co_return refusal;
    x.keep_alive = in.keep_alive();
    x.takes_chunks = in.get().version() == 11;
    if (!in.is_done()) {
      if (auto refusal = co_await admit(*core_, x, told_length(in))) co_return refusal;
      auto allowed = allowed_body(options, x.request);
      in.body_limit(allowed);
      bool too_much = false;
      failure = co_await read_body(in, x, too_much);
      if (too_much) {
        x.may_hold(0);  // others go on with what this one had
        co_return overloaded(ctx);
      }
      if (failure) co_return refuse_or_throw(failure, allowed, ctx);
      x.is_whole();
    }
    x.request.body = std::move(in.get().body());
    co_return std::nullopt;
  }

  static std::optional<std::uint64_t> told_length(const parser& of) {
    auto told = of.content_length();
    if (!told) return std::nullopt;
    return *told;
  }

  // Until the buffer begins with a whole line and header of `size` bytes.
  awaitable<std::optional<response>> read_head_bytes(const context& ctx, std::size_t& size) {
    const auto& options = core_->options;
    auto deadline = in(options.header_timeout);
    head_scanner scanner(options.max_header_bytes, options.max_target_bytes,
                         options.max_header_fields);
    for (;;) {
      auto found =
          scanner.scan({static_cast<const char*>(buffer_.data().data()), buffer_.data().size()});
      if (found == head_scanner::verdict::complete) break;
      if (found != head_scanner::verdict::more) co_return refusal_of(found, ctx);
      auto failure = co_await read_more(*line_, buffer_, small_read, deadline);
      if (failure == asio::error::timed_out && scanner.begun()) co_return too_slow(ctx);
      check(failure);
    }
    buffer_.consume(scanner.begin());
    size = scanner.end() - scanner.begin();
    co_return std::nullopt;
  }

  // `too_much`: what all clients send together is more than this process may hold.
  awaitable<error_code> read_body(parser& from, exchange& x, bool& too_much) {
    auto deadline = in(x.room ? core_->options.large_body_timeout : core_->options.body_timeout);
    from.eager(true);
    if (buffer_.size() == 0 && expects_continue(from.get())) {
      check(co_await line_->write({asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25), {}},
                                  in(core_->options.write_timeout)));
    }
    co_return co_await pump(*line_, buffer_, from, deadline, [&](const parser& p) {
      too_much = !x.may_hold(p.get().body().size());
      return too_much || p.is_done();
    });
  }

  static response refuse_or_throw(error_code failure, std::size_t allowed, const context& ctx) {
    auto refusal = refusal_of(failure, allowed, ctx);
    if (!refusal) throw system_error(failure);
    return std::move(*refusal);
  }

  awaitable<void> write(const exchange& x, const response& r, bool keep_alive) {
    auto asked = x.request.method;
    std::string head =
        response_head(r, asked, x.request.ctx.request_id, keep_alive, x.takes_chunks);
    std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::const_buffer()};
    bool has_body = may_have_body(r.status, asked);
    if (has_body && !r.stream) parts[1] = asio::buffer(r.body);
    check(co_await line_->write(parts, in(core_->options.write_timeout)));
    if (!has_body || !r.stream) co_return;
    if (auto length = length_in(r.headers)) {
      co_await send(*r.stream, *length);
    } else {
      co_await send_open_ended(*r.stream, x.takes_chunks);
    }
  }

  // What fails, or is silent for too long, is cut, so that the client knows that it is not whole.
  awaitable<std::string> next_piece(body_stream& from) {
    auto piece = co_await from.next(in(core_->options.idle_timeout));
    if (piece.has_error()) throw system_error(make_error_code(asio::error::connection_aborted));
    co_return *std::move(piece);
  }

  // Exactly so many bytes.
  awaitable<void> send(body_stream& from, std::uint64_t length) {
    while (length > 0) {
      auto piece = co_await next_piece(from);
      if (piece.empty() || piece.size() > length) {
        throw system_error(make_error_code(asio::error::connection_aborted));
      }
      length -= piece.size();
      check(co_await line_->write({asio::buffer(piece), {}}, in(core_->options.write_timeout)));
    }
  }

  // Each piece a chunk, or as it is for who ends with the connection.
  awaitable<void> send_open_ended(body_stream& from, bool in_chunks) {
    for (;;) {
      auto piece = co_await next_piece(from);
      if (piece.empty() || core_->closing) break;
      std::string head;
      if (in_chunks) {
        head = chunk_head(piece.size());
        piece.append("\r\n");
      }
      check(co_await line_->write({asio::buffer(head), asio::buffer(piece)},
                                  in(core_->options.write_timeout)));
    }
    if (!in_chunks) co_return;
    check(co_await line_->write({asio::buffer("0\r\n\r\n", 5), {}},
                                in(core_->options.write_timeout)));
  }

  // After a refusal the client may still be sending. Closing at once would reset the connection,
  // and the client might never see why; so some of it is read and dropped.
  awaitable<void> linger() {
    auto deadline = in(std::chrono::seconds(2));
    co_await line_->end(deadline);
    std::array<char, 16 * 1024> dropped{};
    for (std::size_t total = 0; total < 16 * 1024 * 1024;) {
      auto got = co_await line_->read_some(asio::buffer(dropped), deadline);
      check(got.failure);
      total += got.size;
    }
  }

  std::shared_ptr<server_core> core_;
  asio::any_io_executor strand_;
  std::shared_ptr<transport> line_;
  beast::flat_buffer buffer_;
  std::string peer_;
  bool busy_ = false;  // on the strand
  bool left_ = false;  // on the strand: the connection is no longer ours
  std::atomic<steady_time> idle_since_{steady_time{}};
};

}  // namespace

void start_connection(std::shared_ptr<server_core> core, tcp::socket socket) {
  auto strand = socket.get_executor();
  error_code gone;
  auto peer = socket.remote_endpoint(gone);
  if (gone) return;
  auto address = peer.address().to_string();
  if (!core->may_open(address)) return;
  auto made = std::make_shared<client_session>(core, std::move(socket), std::move(address));
  core->opened(made);
  asio::co_spawn(strand, client_session::run(std::move(made)), asio::detached);
}

}  // namespace oficio::http::detail
