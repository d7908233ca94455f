#include <gtest/gtest.h>

#include "platform/http/message_room.hpp"
#include "platform/http/tests/running.hpp"

namespace oficio::http {
namespace {

using namespace std::chrono_literals;
using test::raw_client;

TEST(message_room, gives_room_until_it_is_full_and_takes_it_back) {
  detail::message_room room(100);
  auto first = room.take(60, "a");
  ASSERT_TRUE(first);
  EXPECT_FALSE(room.take(41, "b"));
  auto second = room.take(40, "b");
  ASSERT_TRUE(second);
  EXPECT_EQ(room.taken(), 100u);
  EXPECT_FALSE(room.take(1, "c"));
  first.reset();
  EXPECT_EQ(room.taken(), 40u);
  EXPECT_TRUE(room.take(60, "c"));
  EXPECT_FALSE(room.take(1'000, "d"));
}

TEST(message_room, one_client_cannot_have_it_all) {
  detail::message_room room(100);
  auto first = room.take(40, "a");
  EXPECT_FALSE(room.take(11, "a"));
  EXPECT_TRUE(room.take(10, "a"));
  EXPECT_TRUE(room.take(60, "b"));
}

awaitable<result<response>> echo(request& r) {
  co_return response{.status = 200, .headers = {}, .body = r.body, .failure = {}};
}

// Takes bodies of 100 bytes, but of 1,000 at one path, and 1,500 of the larger ones at once.
class a_server_of_large_bodies : public testing::Test {
 protected:
  a_server_of_large_bodies() {
    routes.get("/files", echo).post("/files", echo).put("/files", echo).post("/other", echo);
    server_options options{.max_body_bytes = 100};
    options.large_bodies = {{method::post, "/files", 1'000}};
    options.max_large_bytes = 1'500;
    options.large_body_wait = 0ms;
    served = make_server(io.io, options, routes, telemetry::logger(nullptr, "test"));
    served->start();
  }

  ~a_server_of_large_bodies() override {
    served->stop_accepting();
    io.wait(served->finish(2s));
    served.reset();  // before the io context
  }

  static std::string head(const std::string& line, std::size_t size) {
    return line + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
  }
  int status_of(const std::string& line, std::size_t size) {
    raw_client client(served->port());
    return client.ask(head(line, size) + std::string(size, 'a')).status;
  }

  // Room is given back a moment after the answer has gone.
  int status_with_room(const std::string& line, std::size_t size) {
    int status = 503;
    for (int i = 0; i < 1'000 && status == 503; ++i) status = status_of(line, size);
    return status;
  }

  router routes;
  std::unique_ptr<server> served;
  test::running_io io;
};

TEST_F(a_server_of_large_bodies, takes_them_only_where_they_are_allowed) {
  EXPECT_EQ(status_with_room("POST /files?for=gig", 1'000), 200);
  EXPECT_EQ(status_with_room("POST /files", 1'001), 413);
  EXPECT_EQ(status_with_room("PUT /files", 101), 413);
  EXPECT_EQ(status_with_room("POST /other", 101), 413);
  EXPECT_EQ(status_with_room("POST /files/other", 101), 413);
  EXPECT_EQ(status_with_room("POST /other", 100), 200);
}

TEST_F(a_server_of_large_bodies, takes_those_whose_length_is_not_told) {
  raw_client client(served->port());
  auto chunked = [](const std::string& line, const std::string& size, std::size_t count) {
    return line + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + size + "\r\n" +
           std::string(count, 'a') + "\r\n0\r\n\r\n";
  };
  EXPECT_EQ(client.ask(chunked("POST /files", "3e8", 1'000)).status, 200);
  EXPECT_EQ(client.ask(chunked("POST /files", "3e9", 1'001)).status, 413);
}

TEST_F(a_server_of_large_bodies, has_room_for_so_many_at_once) {
  raw_client slow(served->port());
  auto size = std::string("POST /files HTTP/1.1\r\nHost: x\r\nContent-Length: 800\r\n");
  // "Continue" is told once there is room for it.
  EXPECT_EQ(slow.ask(size + "Expect: 100-continue\r\n\r\n").status, 100);
  EXPECT_EQ(status_of("POST /files", 800), 503);
  EXPECT_EQ(status_of("POST /files", 100), 200);  // a small one needs no room
  EXPECT_EQ(slow.ask(std::string(800, 'a')).status, 200);
  EXPECT_EQ(status_with_room("POST /files", 800), 200);
}

}  // namespace
}  // namespace oficio::http
