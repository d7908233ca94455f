#include <gtest/gtest.h>

#include "platform/http/tests/running.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::http {
namespace {

using namespace std::chrono_literals;
using test::raw_client;

awaitable<result<response>> count(request& r) {
  co_return response{
      .status = 200, .headers = {}, .body = std::to_string(r.body.size()), .failure = {}};
}

class a_guarded_server : public testing::Test {
 protected:
  std::uint16_t start(server_options options = {}) {
    routes.get("/", count).post("/", count);
    served = make_server(io.io, options, routes, telemetry::logger(nullptr, "test"));
    served->start();
    return served->port();
  }

  ~a_guarded_server() override { stop(); }

  void stop() {
    if (!served) return;
    served->stop_accepting();
    io.wait(served->finish(2s));
    served.reset();  // before the io context
  }

  // The status that `bytes` are answered with, on a connection that is closed after it.
  int refused(std::uint16_t port, const std::string& bytes) {
    raw_client client(port);
    auto r = client.ask(bytes);
    EXPECT_EQ(r.field("Connection"), "close") << bytes.substr(0, 80);
    EXPECT_EQ(r.field("Content-Type"), "application/problem+json");
    EXPECT_TRUE(client.is_closed());
    return r.status;
  }

  router routes;
  std::unique_ptr<server> served;
  test::running_io io;
};

TEST_F(a_guarded_server, refuses_what_is_too_large) {
  auto port = start({.max_header_bytes = 4096, .max_target_bytes = 1000, .max_body_bytes = 100});
  EXPECT_EQ(refused(port, "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(5000, 'a') + "\r\n\r\n"),
            431);
  EXPECT_EQ(refused(port, "GET /" + std::string(1001, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"), 414);
  EXPECT_EQ(refused(port, "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"), 414);
  EXPECT_EQ(refused(port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n" +
                              std::string(101, 'a')),
            413);
  EXPECT_EQ(refused(port, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
                              ("78\r\n" + std::string(120, 'a')) + "\r\n0\r\n\r\n"),
            413);
}

TEST_F(a_guarded_server, tells_a_client_that_is_still_sending_why) {
  auto port = start({.max_body_bytes = 1000});
  EXPECT_EQ(refused(port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" +
                              std::string(2'000'000, 'a')),
            413);
}

TEST_F(a_guarded_server, refuses_what_two_servers_could_read_differently) {
  auto port = start();
  std::string chunk = "0\r\n\r\n";
  for (std::string fields : {
           "Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
           "Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
           "Host: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
           "Host: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n",
           "Host: x\r\nContent-Length: +5\r\n",
           "Host: x\r\nContent-Length: 5, 5\r\n",
           "Host: x\r\nTransfer-Encoding: gzip, chunked\r\n",
           "Host: x\r\nTransfer-Encoding: identity\r\n",
           "Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           "Host: x\r\nTransfer-Encoding : chunked\r\n",
           "Host: x\r\nHost: y\r\n",
           "",
       }) {
    EXPECT_EQ(refused(port, "POST / HTTP/1.1\r\n" + fields + "\r\n" + chunk), 400) << fields;
  }
  EXPECT_EQ(refused(port, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk), 400);
}

TEST_F(a_guarded_server, refuses_what_is_not_http) {
  auto port = start();
  EXPECT_EQ(refused(port, "\x16\x03\x01\x02 hello\r\n\r\n"), 400);
  EXPECT_EQ(refused(port, "GET / HTTP/3.7\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(refused(port, "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"), 501);
  EXPECT_EQ(refused(port, "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(refused(port, "GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(refused(port, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            400);
}

TEST_F(a_guarded_server, does_not_wait_for_slow_clients) {
  auto port = start({.header_timeout = 80ms, .body_timeout = 80ms, .idle_timeout = 80ms});
  raw_client silent(port);
  EXPECT_TRUE(silent.is_closed());
  EXPECT_EQ(refused(port, "GET / HTTP/1.1\r\nHos"), 408);
  EXPECT_EQ(refused(port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"), 408);
  EXPECT_EQ(
      refused(port, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
      408);
  raw_client quick(port);
  EXPECT_EQ(quick.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_TRUE(quick.is_closed());
}

TEST_F(a_guarded_server, does_not_let_a_byte_now_and_then_put_off_the_end) {
  auto port = start({.header_timeout = 150ms, .body_timeout = 150ms});
  for (std::string begun : {"GET / HTTP/1.1\r\nX-Long: ",
                            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n"}) {
    raw_client dripping(port);
    dripping.send(begun);
    auto until = std::chrono::steady_clock::now() + 5s;
    while (!dripping.has_answer() && std::chrono::steady_clock::now() < until) {
      dripping.send("a");
      std::this_thread::sleep_for(5ms);
    }
    EXPECT_EQ(dripping.receive().status, 408);
  }
}

TEST_F(a_guarded_server, asks_for_a_body_that_waits_to_be_wanted) {
  raw_client client(start());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100);
  EXPECT_EQ(client.ask("hello").body, "5");
  // What is too large is refused before it is asked for.
  client.send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive().status, 413);
}

TEST_F(a_guarded_server, meets_no_other_expectation) {
  auto port = start();
  EXPECT_EQ(
      refused(port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: tea\r\n\r\na"),
      417);
}

TEST_F(a_guarded_server, gives_one_client_a_share_of_its_connections) {
  auto port = start({.max_connections_per_client = 2});
  std::string ask = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  auto one = std::make_unique<raw_client>(port);
  raw_client two(port);
  EXPECT_EQ(one->ask(ask).status, 200);
  EXPECT_EQ(two.ask(ask).status, 200);
  EXPECT_TRUE(raw_client(port).is_closed());
  one.reset();
  EXPECT_TRUE(test::eventually([&] { return served->connections() == 1; }));
  EXPECT_EQ(raw_client(port).ask(ask).status, 200);
}

TEST_F(a_guarded_server, serves_no_more_connections_than_it_may) {
  auto port = start({.max_connections = 2});
  std::string ask = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  auto one = std::make_unique<raw_client>(port);
  raw_client two(port);
  EXPECT_EQ(one->ask(ask).status, 200);
  EXPECT_EQ(two.ask(ask).status, 200);
  raw_client three(port);
  three.send(ask);
  EXPECT_EQ(served->connections(), 2u);
  one.reset();
  EXPECT_EQ(three.receive().status, 200);
}

TEST_F(a_guarded_server, holds_only_so_much_for_all_clients_together) {
  telemetry::metrics figures;
  auto port = start({.max_bytes_at_once = 100'000, .metrics = &figures});
  std::string head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n";
  raw_client first(port);
  first.send(head + std::string(60'000, 'a'));
  ASSERT_TRUE(test::eventually(
      [&] { return figures.text().find("oficio_http_body_bytes 60000\n") != std::string::npos; }));
  auto r = raw_client(port).ask(head + std::string(60'000, 'a'));
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(r.field("Retry-After"), "1");
  first.send(std::string(10'000, 'a'));
  EXPECT_EQ(first.receive().body, "70000");
  ASSERT_TRUE(test::eventually(  // an answer is there before its request is gone
      [&] { return figures.text().find("oficio_http_body_bytes 0\n") != std::string::npos; }));
  EXPECT_EQ(raw_client(port).ask(head + std::string(70'000, 'a')).body, "70000");
  stop();  // before its figures
}

TEST_F(a_guarded_server, closes_idle_connections_for_new_ones_when_it_is_full) {
  auto port = start({.max_connections = 2});
  std::string ask = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  raw_client one(port);
  raw_client two(port);
  EXPECT_EQ(one.ask(ask).status, 200);
  EXPECT_EQ(two.ask(ask).status, 200);
  raw_client three(port);
  EXPECT_EQ(three.ask(ask).status, 200);  // after a second of their silence
  EXPECT_LE(served->connections(), 2u);
}

}  // namespace
}  // namespace oficio::http
