#include "platform/http/client_connection.hpp"

#include <array>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <sys/socket.h>

#include "platform/http/wire.hpp"

namespace oficio::http::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using parser = beast::http::response_parser<beast::http::string_body>;

auto into(error_code& failure) {
  return asio::redirect_error(asio::use_awaitable, failure);
}

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

class beast_client_connection final : public client_connection {
 public:
  beast_client_connection(asio::io_context& io, std::size_t max_answer_bytes)
      : stream_(io.get_executor()), max_answer_bytes_(max_answer_bytes) {}

  awaitable<error_code> connect(const std::string& host, const std::string& port,
                                steady_time deadline) override {
    error_code failure;
    tcp::resolver resolver(co_await asio::this_coro::executor);
    auto found =
        co_await resolver.async_resolve(host, port, tcp::resolver::numeric_service, into(failure));
    if (failure) co_return failure;
    stream_.expires_at(deadline);
    co_await stream_.async_connect(found, into(failure));
    if (failure) co_return failure;
    stream_.socket().set_option(tcp::no_delay(true), failure);
    co_return failure;
  }

  awaitable<call_outcome> call(const std::string& head, const std::string& body, method asked,
                               steady_time deadline) override {
    call_outcome out;
    stream_.expires_at(deadline);
    std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
    co_await asio::async_write(stream_, parts, into(out.failure));
    if (!out.failure) co_await read(out, asked);
    out.timed_out = out.failure == beast::error::timeout;
    stream_.expires_never();
    co_return out;
  }

  bool is_quiet() override {
    char byte = 0;
    auto got = ::recv(stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return buffer_.size() == 0 && got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }

 private:
  awaitable<void> read(call_outcome& out, method asked) {
    for (;;) {
      parser in;
      in.header_limit(64 * 1024);
      in.body_limit(max_answer_bytes_);
      in.skip(asked == method::head);
      co_await beast::http::async_read_header(stream_, buffer_, in, into(out.failure));
      out.answer_begun = out.answer_begun || in.got_some() || buffer_.size() > 0;
      if (out.failure) co_return;
      if (in.get().result_int() < 200) continue;  // 1xx: the answer proper follows
      if (!in.is_done()) co_await beast::http::async_read(stream_, buffer_, in, into(out.failure));
      if (out.failure) co_return;
      out.reusable = in.keep_alive();
      out.answer = read_answer(in, asked);
      co_return;
    }
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::size_t max_answer_bytes_;
};

}  // namespace

std::unique_ptr<client_connection> make_client_connection(asio::io_context& io,
                                                          std::size_t max_answer_bytes) {
  return std::make_unique<beast_client_connection>(io, max_answer_bytes);
}

}  // namespace oficio::http::detail
