#include "platform/http/client_connection.hpp"

#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <sys/socket.h>

#include "platform/http/pump.hpp"
#include "platform/http/transport.hpp"
#include "platform/http/wire.hpp"

namespace oficio::http::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using parser = beast::http::response_parser<beast::http::string_body>;

response read_answer(parser& in, method asked) {
  auto& from = in.get();
  response out;
  out.status = static_cast<int>(from.result_int());
  for (const auto& field : from) {
    std::string name(field.name_string().data(), field.name_string().size());
    bool length = equal_ignoring_case(name, "Content-Length");
    if (is_hop_by_hop(name) || (length && asked != method::head)) continue;
    out.headers.add(std::move(name), std::string(field.value().data(), field.value().size()));
  }
  out.body = std::move(from.body());
  return out;
}

std::shared_ptr<transport> make_line(asio::io_context& io, const peer& to) {
  tcp::socket socket(asio::make_strand(io));
  if (!to.tls) return make_plain_transport(std::move(socket));
  return make_tls_client(std::move(socket), to.tls, to.host);
}

// Callers come on strands of their own; the work is done on the connection's.
class pooled_connection final : public client_connection {
 public:
  pooled_connection(asio::io_context& io, peer to, std::size_t max_answer_bytes)
      : to_(std::move(to)), line_(make_line(io, to_)), max_answer_bytes_(max_answer_bytes) {}

  ~pooled_connection() override {
    asio::post(line_->socket().get_executor(), [line = line_] { line->close(); });
  }

  awaitable<error_code> connect(steady_time deadline) override {
    return asio::co_spawn(line_->socket().get_executor(), open(deadline), asio::use_awaitable);
  }

  awaitable<call_outcome> call(const std::string& head, const std::string& body, method asked,
                               steady_time deadline) override {
    return asio::co_spawn(line_->socket().get_executor(), exchange(head, body, asked, deadline),
                          asio::use_awaitable);
  }

  awaitable<call_outcome> begin(const std::string& head, const std::string& body, method asked,
                                steady_time deadline) override {
    return asio::co_spawn(line_->socket().get_executor(),
                          begin_exchange(head, body, asked, deadline), asio::use_awaitable);
  }

  awaitable<result<std::string>> read_piece(steady_time until) override {
    return asio::co_spawn(line_->socket().get_executor(), read_some_body(until),
                          asio::use_awaitable);
  }

  bool is_quiet() override {
    char byte = 0;
    auto got = ::recv(line_->socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return buffer_.size() == 0 && got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }

 private:
  awaitable<error_code> open(steady_time deadline) {
    auto failure = co_await line_->connect(to_.host, to_.port, deadline);
    if (!failure) failure = co_await line_->handshake(deadline);
    co_return failure;
  }

  awaitable<call_outcome> exchange(const std::string& head, const std::string& body, method asked,
                                   steady_time deadline) {
    call_outcome out;
    out.failure = co_await line_->write({asio::buffer(head), asio::buffer(body)}, deadline);
    if (!out.failure) co_await read(out, asked, deadline);
    out.timed_out = out.failure == asio::error::timed_out;
    co_return out;
  }

  awaitable<void> read(call_outcome& out, method asked, steady_time deadline) {
    std::optional<parser> in;
    co_await read_head(in, out, asked, deadline);
    if (!out.failure) co_await read_body(*in, out, asked, deadline);
  }

  // Up to the answer's header, behind all 1xx.
  awaitable<void> read_head(std::optional<parser>& in, call_outcome& out, method asked,
                            steady_time deadline) {
    for (;;) {
      in.emplace();
      in->header_limit(64 * 1024);
      in->body_limit(max_answer_bytes_);
      in->skip(asked == method::head);
      out.failure = co_await pump(*line_, buffer_, *in, deadline,
                                  [](const parser& p) { return p.is_header_done(); });
      out.answer_begun = out.answer_begun || in->got_some() || buffer_.size() > 0;
      if (out.failure || in->get().result_int() >= 200) co_return;
    }
  }

  awaitable<void> read_body(parser& in, call_outcome& out, method asked, steady_time deadline) {
    in.eager(true);
    out.failure =
        co_await pump(*line_, buffer_, in, deadline, [](const parser& p) { return p.is_done(); });
    if (out.failure) co_return;
    out.reusable = in.keep_alive();
    out.answer = read_answer(in, asked);
  }

  awaitable<call_outcome> begin_exchange(const std::string& head, const std::string& body,
                                         method asked, steady_time deadline) {
    call_outcome out;
    out.failure = co_await line_->write({asio::buffer(head), asio::buffer(body)}, deadline);
    if (!out.failure) co_await read_head(coming_, out, asked, deadline);
    if (!out.failure && coming_->get().result_int() == 200) {
      coming_->body_limit(boost::none);
      coming_->eager(true);
      auto length = coming_->content_length();
      out.answer = read_answer(*coming_, asked);
      if (length) out.answer.headers.set("Content-Length", std::to_string(*length));
    } else if (!out.failure) {
      co_await read_body(*coming_, out, asked, deadline);
    }
    out.timed_out = out.failure == asio::error::timed_out;
    co_return out;
  }

  awaitable<result<std::string>> read_some_body(steady_time until) {
    auto failure = co_await pump(*line_, buffer_, *coming_, until, [](const parser& p) {
      return p.is_done() || !p.get().body().empty();
    });
    if (failure == asio::error::timed_out) {
      co_return error{errc::timeout, "deadline_exceeded", "Nothing came in time."};
    }
    if (failure) {
      co_return error{errc::bad_upstream, "bad_upstream",
                      "The answer was broken off (" + failure.message() + ")."};
    }
    co_return std::exchange(coming_->get().body(), {});
  }

  const peer to_;
  std::shared_ptr<transport> line_;
  beast::flat_buffer buffer_;
  std::optional<parser> coming_;  // an answer that is read while it is made
  std::size_t max_answer_bytes_;
};

}  // namespace

std::unique_ptr<client_connection> make_client_connection(asio::io_context& io, peer to,
                                                          std::size_t max_answer_bytes) {
  return std::make_unique<pooled_connection>(io, std::move(to), max_answer_bytes);
}

}  // namespace oficio::http::detail
