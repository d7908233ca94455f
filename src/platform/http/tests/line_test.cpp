#include "platform/http/line.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "platform/http/tests/certificates.hpp"
#include "platform/http/tests/running.hpp"
#include "platform/http/tls.hpp"

namespace oficio::http {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using boost::system::error_code;
using test::raw_client;

// Sends back what comes; ends when it reads "bye".
class echo : public line::user, public std::enable_shared_from_this<echo> {
 public:
  explicit echo(std::shared_ptr<line> on) : line_(std::move(on)) {}
  void begin() { line_->wait_readable(shared_from_this()); }

  void readable(error_code failure) override {
    std::array<char, 1024> part{};
    while (!failure) {
      auto size = line_->read(asio::buffer(part), failure);
      waiting_.append(part.data(), size);
    }
    if (failure != asio::error::would_block) return line_->close();
    bool last = waiting_.ends_with("bye");
    flush();
    if (last) line_->end();
    begin();
  }
  void writable(error_code failure) override {
    if (!failure) flush();
  }

 private:
  void flush() {
    error_code failure;
    while (!waiting_.empty() && !failure) {
      std::array<asio::const_buffer, 1> all{asio::buffer(waiting_)};
      waiting_.erase(0, line_->write(all, failure));
    }
    if (failure == asio::error::would_block) line_->wait_writable(shared_from_this());
  }

  std::shared_ptr<line> line_;
  std::string waiting_;
};

class a_server_with_lines : public testing::Test {
 protected:
  a_server_with_lines() {
    routes.get("/echo", [](request&) -> awaitable<result<response>> {
      response r;
      r.status = 101;
      r.headers.set("Upgrade", "echo");
      r.next = [](std::shared_ptr<line> on) { std::make_shared<echo>(std::move(on))->begin(); };
      co_return r;
    });
    routes.get("/patient", [this](request& r) { return patient(r); });
  }
  ~a_server_with_lines() override {
    if (!served) return;
    served->stop_accepting();
    io.wait(served->finish(2s));
    EXPECT_EQ(served->connections(), 0u);
    served.reset();
  }

  std::uint16_t start(server_options options = {}) {
    served = make_server(io.io, options, routes, telemetry::logger(nullptr, "test"));
    served->start();
    return served->port();
  }

  awaitable<result<response>> patient(request& r) {
    r.ctx.deadline = std::chrono::steady_clock::now() + 5s;
    auto wake = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, 400ms);
    r.when_gone = [this, wake] {
      gone = true;
      wake->cancel();
    };
    error_code ignored;
    co_await wake->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    co_return json_response(200, std::string("\"patience\""));
  }

  router routes;
  std::atomic<bool> gone{false};
  std::unique_ptr<server> served;
  test::running_io io;
};

constexpr auto upgrade =
    "GET /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";

TEST_F(a_server_with_lines, hands_a_connection_over_with_what_came_behind_the_request) {
  raw_client client(start({.header_timeout = 100ms, .idle_timeout = 100ms}));
  client.send(std::string(upgrade) + "early");
  auto r = client.receive();
  EXPECT_EQ(r.status, 101);
  EXPECT_EQ(r.field("Connection"), "Upgrade");
  EXPECT_EQ(r.field("Upgrade"), "echo");
  EXPECT_EQ(client.take(5), "early");
  std::this_thread::sleep_for(300ms);  // beyond every limit that HTTP sets
  client.send("late");
  EXPECT_EQ(client.take(4), "late");
  client.send("bye");
  EXPECT_EQ(client.take(3), "bye");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(a_server_with_lines, moves_more_than_a_socket_takes_at_once) {
  raw_client client(start());
  EXPECT_EQ(client.ask(upgrade).status, 101);
  std::string much(8 << 20, 'x');
  std::jthread sender([&] { client.send(much); });
  EXPECT_EQ(client.take(much.size()), much);
}

TEST_F(a_server_with_lines, counts_them_until_they_are_gone) {
  auto port = start({.max_connections_per_client = 2});
  {
    raw_client first(port);
    raw_client second(port);
    EXPECT_EQ(first.ask(upgrade).status, 101);
    EXPECT_EQ(second.ask(upgrade).status, 101);
    EXPECT_EQ(served->connections(), 2u);
    EXPECT_TRUE(raw_client(port).is_closed());
  }
  EXPECT_TRUE(test::eventually([&] { return served->connections() == 0; }));
  EXPECT_EQ(raw_client(port).ask(upgrade).status, 101);
}

TEST_F(a_server_with_lines, closes_them_when_it_ends) {
  raw_client client(start());
  EXPECT_EQ(client.ask(upgrade).status, 101);
  served->stop_accepting();
  io.wait(served->finish(1s));
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(served->connections(), 0u);
}

TEST_F(a_server_with_lines, lets_a_handler_ask_for_more_time) {
  raw_client client(start({.handler_timeout = 100ms}));
  EXPECT_EQ(client.ask("GET /patient HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(client.ask("GET /patient HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_FALSE(gone);
}

TEST_F(a_server_with_lines, tells_a_waiting_handler_that_its_client_is_gone) {
  auto port = start();
  raw_client(port).send("GET /patient HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(test::eventually([&] { return gone.load(); }));
}

TEST_F(a_server_with_lines, hands_encrypted_ones_over_too) {
  test::certificates files;
  files.make("here", "DNS:localhost");
  auto port =
      start({.tls = std::make_shared<server_tls>(files.certificate("here"), files.key("here"))});
  asio::io_context own;
  asio::ssl::context context(asio::ssl::context::tls_client);
  asio::ssl::stream<asio::ip::tcp::socket> client(own, context);
  client.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
  client.handshake(asio::ssl::stream_base::client);
  asio::write(client, asio::buffer(std::string(upgrade) + "early"));
  std::string head;
  asio::read_until(client, asio::dynamic_buffer(head), "early");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 101 "));
  std::string much(1 << 20, 'y');
  std::string back(much.size(), ' ');
  // By one thread: an encrypted stream is not for two.
  asio::async_write(client, asio::buffer(much), [](auto failed, auto) { EXPECT_FALSE(failed); });
  asio::async_read(client, asio::buffer(back), [](auto failed, auto) { EXPECT_FALSE(failed); });
  own.run();
  EXPECT_EQ(back, much);
}

}  // namespace
}  // namespace oficio::http
