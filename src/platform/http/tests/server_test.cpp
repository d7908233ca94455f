#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "platform/base/uuid.hpp"
#include "platform/http/tests/running.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::http {
namespace {

using namespace std::chrono_literals;
using test::raw_client;

awaitable<result<response>> echo(request& r) {
  response out;
  out.headers.add("X-Route", r.route);
  out.headers.add("X-Bad", "a\r\nInjected: yes");
  out.body = std::string(to_string(r.method)) + " " + r.target + " " + r.body;
  co_return out;
}

awaitable<result<response>> burst() {
  throw std::runtime_error("it broke inside");
  co_return response{};
}

struct slow_work {
  std::atomic<bool> started{false};
  std::atomic<bool> finished{false};
  awaitable<result<response>> run(request& r, std::chrono::milliseconds time) {
    started = true;
    co_await runtime::sleep_for(time);
    r.body = "touched after the answer";  // the request must still be there
    finished = true;
    co_return response{.status = 200, .headers = {}, .body = "slow", .failure = {}};
  }
};

awaitable<result<response>> tell_context(request& r) {
  co_return response{.status = 200,
                     .headers = {},
                     .body = r.ctx.request_id + " " + r.ctx.trace.trace_id + " " +
                             r.remote_address + " " + (r.ctx.remaining() < 1s ? "short" : "long"),
                     .failure = {}};
}

class a_server : public testing::Test {
 protected:
  a_server() {
    routes.get("/echo", echo).post("/echo", echo);
    routes.get("/bursts", [](request&) { return burst(); });
    routes.get("/slow", [this](request& r) { return slow.run(r, 300ms); });
    routes.get("/context", tell_context);
  }

  std::uint16_t start(server_options options = {}) {
    served = make_server(io.io, options, routes, telemetry::logger(sink, "test"));
    served->start();
    return served->port();
  }

  ~a_server() override {
    if (!served) return;
    served->stop_accepting();
    io.wait(served->finish(2s));
    served.reset();  // before the io context
  }

  slow_work slow;
  router routes;
  std::shared_ptr<test::memory_sink> sink = std::make_shared<test::memory_sink>();
  std::unique_ptr<server> served;
  test::running_io io;
};

TEST_F(a_server, keeps_the_connection_for_more_requests) {
  raw_client client(start());
  for (int i = 0; i < 3; ++i) {
    auto r = client.ask("GET /echo?i=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(r.status, 200);
    EXPECT_EQ(r.body, "GET /echo?i=1 ");
    EXPECT_EQ(r.field("X-Route"), "/echo");
    EXPECT_EQ(r.field("Connection"), "keep-alive");
    EXPECT_TRUE(is_uuid(r.field("X-Request-Id")));
    EXPECT_FALSE(r.field("Date").empty());
    EXPECT_EQ(r.head.find("Injected"), std::string::npos);
  }
  EXPECT_EQ(served->connections(), 1u);
}

TEST_F(a_server, answers_pipelined_requests_in_order) {
  raw_client client(start());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  EXPECT_EQ(client.receive().body, "POST /echo hi");
  EXPECT_EQ(client.receive().body, "POST /echo abc");
}

TEST_F(a_server, closes_when_the_client_asks_and_after_http_1_0) {
  auto port = start();
  raw_client one(port);
  EXPECT_EQ(
      one.ask("GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").field("Connection"),
      "close");
  EXPECT_TRUE(one.is_closed());
  raw_client two(port);
  EXPECT_EQ(two.ask("GET /echo HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(two.is_closed());
}

TEST_F(a_server, answers_head_without_a_body_but_with_its_length) {
  raw_client client(start());
  client.send("HEAD /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  auto r = client.receive(false);
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.field("Content-Length"), "11");
  EXPECT_EQ(client.ask("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n").body, "GET /echo ");
}

TEST_F(a_server, tells_wrong_methods_and_unknown_paths) {
  raw_client client(start());
  auto wrong = client.ask("DELETE /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.field("Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(client.ask("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n").status, 404);
  auto options = client.ask("OPTIONS /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.field("Content-Length"), "");
}

TEST_F(a_server, survives_a_handler_that_throws_and_logs_why) {
  raw_client client(start());
  auto r = client.ask("GET /bursts HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(r.status, 500);
  EXPECT_EQ(r.body.find("broke"), std::string::npos);
  EXPECT_EQ(client.ask("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  auto id = r.field("X-Request-Id");
  EXPECT_TRUE(test::eventually([&] {
    for (const auto& record : sink->records()) {
      if (record.level == telemetry::level::error && record.text.find(id) != std::string::npos &&
          record.text.find("it broke inside") != std::string::npos) {
        return true;
      }
    }
    return false;
  }));
}

TEST_F(a_server, writes_an_access_line_without_the_query) {
  raw_client client(start());
  client.ask("GET /echo?token=secret HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(test::eventually([&] { return !sink->records().empty(); }));
  auto text = sink->records()[0].text;
  EXPECT_NE(text.find("http.request.method=GET url.path=/echo http.response.status_code=200"),
            std::string::npos);
  EXPECT_NE(text.find("client.ip=127.0.0.1"), std::string::npos);
  EXPECT_EQ(text.find("secret"), std::string::npos);
}

TEST_F(a_server, answers_504_by_itself_while_the_handler_goes_on) {
  raw_client client(start({.handler_timeout = 50ms}));
  auto r = client.ask("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(r.status, 504);
  EXPECT_EQ(client.ask("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_TRUE(test::eventually([&] { return slow.finished.load(); }));
}

TEST_F(a_server, trusts_what_the_peer_says_of_the_request_only_when_told_to) {
  std::string asked =
      "GET /context HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\nX-Deadline-Ms: 200\r\n"
      "X-Forwarded-For: 8.8.8.8, 9.9.9.9\r\n"
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n";
  raw_client stranger(start());
  auto r = stranger.ask(asked);
  EXPECT_EQ(r.body.find("mine"), std::string::npos);
  EXPECT_NE(r.body.find("0af7651916cd43dd8448eb211c80319c"), std::string::npos);
  EXPECT_NE(r.body.find("127.0.0.1 long"), std::string::npos);

  auto trusting =
      make_server(io.io, {.trust_request_id = true}, routes, telemetry::logger(sink, "test"));
  trusting->start();
  raw_client gateway(trusting->port());
  r = gateway.ask(asked);
  EXPECT_EQ(r.body, "mine 0af7651916cd43dd8448eb211c80319c 9.9.9.9 short");
  EXPECT_EQ(r.field("X-Request-Id"), "mine");
  trusting->stop_accepting();
  io.wait(trusting->finish(2s));
}

TEST_F(a_server, learns_the_client_from_proxies_that_it_trusts_alone) {
  auto client_of = [](std::uint16_t port, const std::string& forwarded) {
    auto r = raw_client(port).ask("GET /context HTTP/1.1\r\nHost: x\r\n" + forwarded + "\r\n");
    return r.body.substr(r.body.rfind(' ', r.body.rfind(' ') - 1) + 1);
  };
  auto trusting = make_server(io.io, {.trusted_proxies = networks("127.0.0.1, 10.0.0.0/8")}, routes,
                              telemetry::logger(sink, "test"));
  trusting->start();
  for (auto [forwarded, client] : {
           std::pair("X-Forwarded-For: 6.6.6.6\r\n", "6.6.6.6 long"),
           std::pair("X-Forwarded-For: 1.1.1.1, 6.6.6.6, 10.0.0.7\r\n", "6.6.6.6 long"),
           std::pair("X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 10.0.0.7\r\n", "6.6.6.6 long"),
           std::pair("X-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1 long"),
           std::pair("X-Forwarded-For: somebody, 10.0.0.7\r\n", "10.0.0.7 long"),
           std::pair("X-Forwarded-For: 6.6.6.6, unknown\r\n", "127.0.0.1 long"),
           std::pair("", "127.0.0.1 long"),
       }) {
    EXPECT_EQ(client_of(trusting->port(), forwarded), client) << forwarded;
  }
  trusting->stop_accepting();
  io.wait(trusting->finish(2s));
  EXPECT_EQ(
      client_of(start({.trusted_proxies = networks("10.0.0.0/8")}), "X-Forwarded-For: 6.6.6.6\r\n"),
      "127.0.0.1 long");
}

TEST_F(a_server, finishes_requests_in_flight_when_it_stops) {
  auto port = start();
  raw_client idle(port);
  EXPECT_EQ(idle.ask("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  raw_client busy(port);
  busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(test::eventually([&] { return slow.started.load(); }));
  served->stop_accepting();
  EXPECT_TRUE(idle.is_closed());
  io.wait(served->finish(5s));
  auto r = busy.receive();
  EXPECT_EQ(r.body, "slow");
  EXPECT_EQ(r.field("Connection"), "close");
  EXPECT_EQ(served->connections(), 0u);
  EXPECT_THROW(raw_client{port}, boost::system::system_error);
}

TEST_F(a_server, says_which_address_it_cannot_have) {
  auto port = start();
  auto second = make_server(io.io, {.port = port}, routes, telemetry::logger(sink, "test"));
  try {
    second->start();
    FAIL() << "two servers on one port";
  } catch (const boost::system::system_error& e) {
    EXPECT_NE(std::string(e.what()).find("127.0.0.1:" + std::to_string(port)), std::string::npos);
  }
}

}  // namespace
}  // namespace oficio::http
