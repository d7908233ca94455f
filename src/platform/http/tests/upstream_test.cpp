#include "platform/http/upstream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/tests/scripted.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::http {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

using test::asking;
using test::ok;
using test::scripted_server;

class an_upstream : public testing::Test {
 protected:
  result<response> send(upstream& to, request r) { return io.wait(to.send(r)); }
  test::running_io io;
};

TEST_F(an_upstream, gets_the_request_with_deadline_trace_and_id) {
  scripted_server peer({{ok("hello")}});
  auto to = make_http_upstream(io.io, peer.address(), {});
  auto r = asking(method::post, "/a%2Fb?c=d");
  r.body = "12345";
  r.headers.add("X-Own", "1");
  r.headers.add("X-Evil", "a\r\nX-Injected: 1");
  r.headers.add("Connection", "upgrade");
  r.headers.add("Content-Length", "999");
  auto answer = send(*to, r);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->body, "hello");
  auto sent = peer.requests().at(0);
  EXPECT_TRUE(sent.starts_with("POST /a%2Fb?c=d HTTP/1.1\r\nHost: 127.0.0.1:"));
  EXPECT_THAT(sent, testing::HasSubstr("X-Own: 1\r\nContent-Length: 5\r\nX-Request-Id: r-1\r\n"));
  EXPECT_THAT(sent, testing::HasSubstr("traceparent: " + r.ctx.trace.header()));
  EXPECT_THAT(sent, testing::HasSubstr("X-Deadline-Ms: "));
  EXPECT_THAT(sent, testing::Not(testing::HasSubstr("Injected")));
  EXPECT_THAT(sent, testing::Not(testing::HasSubstr("upgrade")));
}

TEST_F(an_upstream, is_called_again_on_the_same_connection) {
  scripted_server peer({{ok("1"), ok("2"), ok("3")}});
  auto to = make_http_upstream(io.io, peer.address(), {});
  for (auto body : {"1", "2", "3"}) {
    EXPECT_EQ(send(*to, asking(method::post, "/"))->body, body);
  }
}

TEST_F(an_upstream, that_closed_a_kept_connection_is_called_on_a_fresh_one) {
  scripted_server peer({{ok("1")}, {ok("2")}});
  auto to = make_http_upstream(io.io, peer.address(), {});
  EXPECT_EQ(send(*to, asking(method::get, "/"))->body, "1");
  EXPECT_EQ(send(*to, asking(method::get, "/"))->body, "2");
}

TEST_F(an_upstream, that_drops_a_request_on_a_kept_connection_gets_only_idempotent_ones_again) {
  // The second request is read, and then the connection is closed without an answer.
  scripted_server peer({{ok("1"), ""}, {ok("2"), ""}});
  auto to = make_http_upstream(io.io, peer.address(), {});
  EXPECT_EQ(send(*to, asking(method::get, "/"))->body, "1");
  EXPECT_EQ(send(*to, asking(method::get, "/"))->body, "2");
  auto r = send(*to, asking(method::post, "/"));
  ASSERT_TRUE(r.has_error());
  EXPECT_EQ(r.error().code, "bad_upstream");
  EXPECT_EQ(peer.requests().size(), 4u);
}

TEST_F(an_upstream, that_does_not_answer_in_time_is_given_up) {
  scripted_server peer({{"", "never"}});
  auto to = make_http_upstream(io.io, peer.address(), {});
  auto r = send(*to, asking(method::get, "/", 100ms));
  ASSERT_TRUE(r.has_error());
  EXPECT_EQ(r.error().kind, errc::timeout);
}

TEST_F(an_upstream, that_is_away_is_unavailable) {
  asio::io_context other;
  asio::ip::tcp::acceptor bound(other, {asio::ip::make_address("127.0.0.1"), 0});
  auto address = "http://127.0.0.1:" + std::to_string(bound.local_endpoint().port());
  bound.close();
  auto to = make_http_upstream(io.io, address, {});
  EXPECT_EQ(send(*to, asking(method::get, "/")).error().code, "upstream_unavailable");

  scripted_server peer({{ok("1"), ok("2")}});
  auto both = make_http_upstream(io.io, address + ", " + peer.address(), {});
  EXPECT_EQ(send(*both, asking(method::post, "/"))->body, "1");
  EXPECT_EQ(send(*both, asking(method::post, "/"))->body, "2");
}

TEST_F(an_upstream, that_answers_nonsense_is_a_bad_one) {
  scripted_server peer(
      {{"SSH-2.0-OpenSSH\r\n\r\n"}, {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"}});
  auto to = make_http_upstream(io.io, peer.address(), {});
  EXPECT_EQ(send(*to, asking(method::get, "/")).error().code, "bad_upstream");
  EXPECT_EQ(send(*to, asking(method::get, "/")).error().code, "bad_upstream");
}

TEST_F(an_upstream, answers_head_without_a_body_and_skips_1xx) {
  scripted_server peer({{"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n",
                         "HTTP/1.1 103 Early Hints\r\n\r\n" + ok("late"),
                         "HTTP/1.1 204 No Content\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n"}});
  auto to = make_http_upstream(io.io, peer.address(), {});
  auto head = send(*to, asking(method::head, "/"));
  EXPECT_EQ(head->headers.get("Content-Length"), "7");
  EXPECT_EQ(send(*to, asking(method::get, "/"))->body, "late");
  auto empty = send(*to, asking(method::get, "/"));
  EXPECT_EQ(empty->status, 204);
  EXPECT_EQ(std::distance(empty->headers.begin(), empty->headers.end()), 2);
}

TEST_F(an_upstream, address_must_be_a_list_of_http_addresses) {
  for (auto bad : {"", "127.0.0.1:80", "ftp://x:1", "http://", "http://x/path",
                   "http://a,,http://b", "http://u:p@x"}) {
    EXPECT_THROW(make_http_upstream(io.io, bad, {}), std::invalid_argument) << bad;
  }
}

struct counting {
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  awaitable<result<response>> run() {
    most = std::max(most.load(), ++now);
    co_await runtime::sleep_for(20ms);
    --now;
    co_return response{};
  }
};

TEST_F(an_upstream, is_called_over_a_bounded_number_of_connections) {
  counting work;
  router routes;
  routes.get("/", [&](request&) { return work.run(); });
  auto served = make_server(io.io, {}, routes, telemetry::logger(nullptr, "test"));
  served->start();
  auto to = make_http_upstream(io.io, "http://localhost:" + std::to_string(served->port()),
                               {.max_connections = 2});
  std::vector<request> requests(8, asking(method::get, "/", 10s));
  std::vector<std::future<result<response>>> answers;
  for (auto& r : requests) {
    answers.push_back(asio::co_spawn(asio::make_strand(io.io), to->send(r), asio::use_future));
  }
  for (auto& a : answers) EXPECT_EQ(a.get()->status, 200);
  EXPECT_EQ(work.most, 2);
  EXPECT_EQ(served->connections(), 2u);

  request hurried = asking(method::get, "/", 5ms);
  EXPECT_EQ(send(*to, hurried).error().kind, errc::timeout);
  served->stop_accepting();
  io.wait(served->finish(2s));
}

awaitable<result<response>> meddle(request& r) {
  r.headers.set("X-Mine", "changed");
  r.body.clear();
  r.ctx.who.sub = "somebody";
  co_return response{.status = 200, .headers = {}, .body = r.param("id"), .failure = {}};
}

TEST_F(an_upstream, in_this_process_cannot_change_the_callers_request) {
  router routes;
  routes.post("/things/{id}", meddle);
  auto to = make_local_upstream(routes, "things");
  auto r = asking(method::post, "/before");
  r.target = "/things/7?x=1";  // what a gateway does: the target decides, not the old path
  r.body = "body";
  r.headers.add("X-Mine", "1");
  auto answer = io.wait(to->send(r));
  EXPECT_EQ(answer->body, "7");
  EXPECT_EQ(r.body, "");  // handed over: it may be large
  EXPECT_EQ(r.headers.get("X-Mine"), "1");
  EXPECT_TRUE(r.ctx.who.is_visitor());
  EXPECT_TRUE(r.params.empty());
  EXPECT_EQ(to->address(), "local:things");
}

}  // namespace
}  // namespace oficio::http
