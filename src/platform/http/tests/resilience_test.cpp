// What callers do when those they call fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/tests/scripted.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::http {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using test::asking;
using test::ok;
using test::scripted_server;

// An address where nobody listens.
std::string deserted() {
  asio::io_context other;
  asio::ip::tcp::acceptor bound(other, {asio::ip::make_address("127.0.0.1"), 0});
  return "http://127.0.0.1:" + std::to_string(bound.local_endpoint().port());
}

class a_failing_upstream : public testing::Test {
 protected:
  result<response> send(upstream& to, method m = method::get) {
    return io.wait(to.send(wanted = asking(m, "/")));
  }
  test::running_io io;
  request wanted;
};

TEST_F(a_failing_upstream, is_left_alone_after_some_calls) {
  telemetry::metrics figures;
  auto to = make_http_upstream(io.io, deserted(), {.metrics = &figures});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(*to).error().code, "upstream_unavailable") << i;
  auto r = send(*to);
  EXPECT_EQ(r.error().code, "circuit_open");
  EXPECT_EQ(r.error().kind, errc::unavailable);
  EXPECT_EQ(r.error().retry_after, 1s);
  EXPECT_THAT(figures.text(),
              testing::ContainsRegex("oficio_upstream_circuit\\{address=\"[^\"]*\"\\} 1"));
}

TEST_F(a_failing_upstream, is_tried_again_after_a_pause) {
  asio::io_context other;
  asio::ip::tcp::acceptor place(other, {asio::ip::make_address("127.0.0.1"), 0});
  auto at = place.local_endpoint();
  place.close();
  auto to = make_http_upstream(io.io, "http://127.0.0.1:" + std::to_string(at.port()), {});
  for (int i = 0; i < 5; ++i) send(*to);
  EXPECT_EQ(send(*to).error().code, "circuit_open");
  router routes;
  routes.get("/", [](request&) -> awaitable<result<response>> { co_return no_content(); });
  auto served = make_server(io.io, {.port = at.port()}, routes, telemetry::logger(nullptr, "test"));
  served->start();
  EXPECT_TRUE(test::eventually([&] { return send(*to).has_value(); }));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(*to)->status, 204);
  served->stop_accepting();
  io.wait(served->finish(2s));
}

TEST_F(a_failing_upstream, does_not_keep_the_others_from_answering) {
  router routes;
  routes.get("/", [](request&) -> awaitable<result<response>> { co_return no_content(); });
  routes.post("/", [](request&) -> awaitable<result<response>> { co_return no_content(); });
  auto served = make_server(io.io, {}, routes, telemetry::logger(nullptr, "test"));
  served->start();
  auto good = "http://127.0.0.1:" + std::to_string(served->port());
  auto to = make_http_upstream(io.io, deserted() + "," + good + "," + deserted(), {});
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(send(*to, i % 2 == 0 ? method::get : method::post)->status, 204) << i;
  }
  served->stop_accepting();
  io.wait(served->finish(2s));
}

TEST_F(a_failing_upstream, that_drops_a_request_hands_it_on_if_it_may_be_done_twice) {
  scripted_server drops({{""}, {""}});
  scripted_server answers({{ok("1"), ok("2"), ok("3")}});
  auto to = make_http_upstream(io.io, drops.address() + "," + answers.address(), {});
  EXPECT_EQ(send(*to)->body, "1");
  EXPECT_EQ(drops.requests().size(), 1u);
  EXPECT_EQ(send(*to)->body, "2");  // the other's turn

  scripted_server drops_too({{""}});
  scripted_server never({});
  auto both = make_http_upstream(io.io, drops_too.address() + "," + never.address(), {});
  EXPECT_EQ(send(*both, method::post).error().code, "bad_upstream");
  EXPECT_TRUE(never.requests().empty());
}

TEST_F(a_failing_upstream, that_ends_with_a_request_in_hand_is_unreachable) {
  asio::io_context other;
  asio::ip::tcp::acceptor place(other, {asio::ip::make_address("127.0.0.1"), 0});
  auto address = "http://127.0.0.1:" + std::to_string(place.local_endpoint().port());
  std::jthread serving([&] {
    asio::ip::tcp::socket peer(other);
    place.accept(peer);
    std::string head;
    asio::read_until(peer, asio::dynamic_buffer(head), "\r\n\r\n");
    asio::write(peer, asio::buffer(ok("1")));
    head.clear();
    asio::read_until(peer, asio::dynamic_buffer(head), "\r\n\r\n");
    place.close();
  });
  auto to = make_http_upstream(io.io, address, {});
  EXPECT_EQ(send(*to)->body, "1");
  EXPECT_EQ(send(*to).error().code, "upstream_unavailable");
}

TEST_F(a_failing_upstream, is_not_called_twice_as_often_for_it) {
  std::vector<std::vector<std::string>> always(200, {""});
  scripted_server one(always);
  scripted_server two(always);
  auto to = make_http_upstream(io.io, one.address() + "," + two.address(), {});
  std::vector<std::string> codes;
  for (int i = 0; i < 100; ++i) codes.push_back(send(*to).error().code);
  EXPECT_EQ(codes.front(), "bad_upstream");
  EXPECT_EQ(codes.back(), "circuit_open");
  // Both were given up after a few calls, retries included.
  EXPECT_LE(one.requests().size() + two.requests().size(), 12u);
}

}  // namespace
}  // namespace oficio::http
