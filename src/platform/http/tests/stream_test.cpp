// Bodies that are sent while they are made, and read while they come.
#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/body_stream.hpp"
#include "platform/http/event_stream.hpp"
#include "platform/http/tests/scripted.hpp"
#include "platform/http/tests/told_stream.hpp"

namespace oficio::http {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using test::asking;
using test::told_stream;

std::vector<sent_event> read_all(event_reader& reader, std::string_view text, std::size_t step) {
  std::vector<sent_event> out;
  for (std::size_t at = 0; at < text.size(); at += step) {
    EXPECT_TRUE(reader.give(text.substr(at, step)));
    while (auto e = reader.next()) out.push_back(std::move(*e));
  }
  return out;
}

TEST(event_streams, are_read_as_they_were_written_however_they_are_cut) {
  std::vector<sent_event> all{
      {"1", "message", "hello"}, {"2", "news", "two\nlines\n"}, {"3", "news", ""}};
  std::string text;
  for (const auto& e : all) text.append(to_text(e)).append(heartbeat_text(e.id));
  for (std::size_t step : {1, 2, 3, 7, 1'000}) {
    event_reader reader(100);
    EXPECT_EQ(read_all(reader, text, step), all);
  }
}

TEST(event_streams, are_read_as_others_write_them) {
  event_reader reader(100);
  auto got = read_all(reader, ":ping\r\nid:7\r\ndata:a\r\ndata\r\nretry: 5\r\n\r\nevent: x\n\n", 3);
  EXPECT_EQ(got, (std::vector<sent_event>{{"7", "message", "a\n"}}));
}

TEST(event_streams, tell_the_place_in_heartbeats) {
  event_reader reader(100);
  EXPECT_TRUE(read_all(reader, heartbeat_text("41") + heartbeat_text("42"), 5).empty());
  EXPECT_EQ(reader.last_id(), "42");
}

TEST(event_streams, are_refused_with_an_event_that_is_too_large) {
  event_reader one_line(100);
  EXPECT_TRUE(one_line.give("data: " + std::string(200, 'a')));
  EXPECT_FALSE(one_line.next());
  EXPECT_FALSE(one_line.give("a"));
  event_reader many_lines(100);
  bool fits = true;
  for (int i = 0; i < 200 && fits; ++i) {
    fits = many_lines.give("data: a\n");
    EXPECT_FALSE(many_lines.next());
  }
  EXPECT_FALSE(fits);
}

class a_stream : public testing::Test {
 protected:
  a_stream() {
    routes.get("/news", [this](request&) { return follow(); });
    routes.get("/file", [this](request&) { return follow("10"); });
    server = make_server(io.io, {.idle_timeout = 2s}, routes, telemetry::logger(nullptr, "test"));
    server->start();
    address = "http://127.0.0.1:" + std::to_string(server->port());
  }
  ~a_stream() override { io.wait(server->finish(1s)); }

  awaitable<result<response>> follow(std::string length = "") {
    response out;
    if (!length.empty()) out.headers.set("Content-Length", length);
    out.headers.set("Content-Type", std::string(event_stream_type));
    out.stream = stream;
    co_return out;
  }

  std::shared_ptr<body_stream> open(upstream& at) {
    auto r = asking(method::get, "/news");
    auto answer = io.wait(at.follow(r));
    EXPECT_TRUE(answer.has_value()) << answer.error().detail;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->headers.get("Content-Type"), event_stream_type);
    return answer->stream;
  }
  result<std::string> next(body_stream& of, std::chrono::milliseconds patience = 5s) {
    return io.wait(of.next(std::chrono::steady_clock::now() + patience));
  }

  test::running_io io;
  router routes;
  std::shared_ptr<told_stream> stream = std::make_shared<told_stream>();
  std::unique_ptr<server> server;
  std::string address;
};

TEST_F(a_stream, is_read_while_it_is_made) {
  auto to = make_http_upstream(io.io, address, {});
  auto got = open(*to);
  ASSERT_TRUE(got);
  for (auto piece : {std::string("one"), std::string(50'000, 'x')}) {
    stream->say(piece);
    std::string all;
    while (all.size() < piece.size()) all += next(*got).value();
    EXPECT_EQ(all, piece);
  }
  stream->say(std::string());
  EXPECT_EQ(next(*got).value(), "");
}

TEST_F(a_stream, is_the_same_without_a_socket) {
  auto to = make_local_upstream(routes, "news");
  auto got = open(*to);
  stream->say(std::string("one"));
  EXPECT_EQ(next(*got).value(), "one");
}

TEST_F(a_stream, travels_in_chunks) {
  test::raw_client client(server->port());
  client.send("GET /news HTTP/1.1\r\nHost: a\r\n\r\n");
  auto head = client.receive(false);
  EXPECT_EQ(head.field("Transfer-Encoding"), "chunked");
  EXPECT_EQ(head.field("Content-Length"), "");
  stream->say(std::string("twenty-six bytes are here."));
  EXPECT_EQ(client.take(32), "1a\r\ntwenty-six bytes are here.\r\n");
  stream->say(std::string());
  EXPECT_EQ(client.take(5), "0\r\n\r\n");
  // And the connection goes on.
  client.send("HEAD /news HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.receive(false).status, 200);
  EXPECT_EQ(client.ask("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n").status, 404);
}

TEST_F(a_stream, ends_with_the_connection_for_who_knows_no_chunks) {
  test::raw_client client(server->port());
  client.send("GET /news HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  auto head = client.receive(false);
  EXPECT_EQ(head.field("Transfer-Encoding"), "");
  EXPECT_EQ(head.field("Connection"), "close");
  stream->say(std::string("news"));
  stream->say(std::string());
  EXPECT_EQ(client.take(5), "news");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(a_stream, with_a_told_length_travels_as_it_is) {
  test::raw_client client(server->port());
  client.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
  auto head = client.receive(false);
  EXPECT_EQ(head.field("Transfer-Encoding"), "");
  EXPECT_EQ(head.field("Content-Length"), "10");
  stream->say(std::string("seven, "));
  stream->say(std::string("10."));
  EXPECT_EQ(client.take(10), "seven, 10.");
  // And the connection goes on, though nobody said that this is the end.
  EXPECT_EQ(client.ask("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n").status, 404);
}

TEST_F(a_stream, keeps_its_told_length_for_whoever_follows) {
  auto to = make_http_upstream(io.io, address, {});
  auto r = asking(method::get, "/file");
  auto answer = io.wait(to->follow(r));
  ASSERT_TRUE(answer && answer->stream);
  EXPECT_EQ(answer->headers.get("Content-Length"), "10");
  stream->say(std::string("0123456789"));
  EXPECT_EQ(next(*answer->stream).value(), "0123456789");
  EXPECT_EQ(next(*answer->stream).value(), "");
}

TEST_F(a_stream, of_another_length_than_was_told_is_broken_off) {
  for (const auto* last : {"", "too many bytes"}) {
    auto to = make_http_upstream(io.io, address, {});
    auto r = asking(method::get, "/file");
    auto answer = io.wait(to->follow(r));
    ASSERT_TRUE(answer && answer->stream);
    stream->say(std::string("12345"));
    EXPECT_EQ(next(*answer->stream).value(), "12345");
    stream->say(std::string(last));
    EXPECT_EQ(next(*answer->stream).error().code, "bad_upstream") << last;
  }
}

TEST_F(a_stream, that_fails_is_seen_to_be_broken_off) {
  auto to = make_http_upstream(io.io, address, {});
  auto got = open(*to);
  stream->say(error{errc::internal, "broken", ""});
  auto end = next(*got);
  ASSERT_TRUE(end.has_error());
  EXPECT_EQ(end.error().code, "bad_upstream");
}

TEST_F(a_stream, that_is_silent_for_too_long_is_told_of) {
  auto to = make_http_upstream(io.io, address, {});
  auto got = open(*to);
  auto end = next(*got, 50ms);
  ASSERT_TRUE(end.has_error());
  EXPECT_EQ(end.error().code, "deadline_exceeded");
}

TEST_F(a_stream, ends_orderly_with_its_server) {
  auto to = make_http_upstream(io.io, address, {});
  auto got = open(*to);
  server->stop_accepting();
  stream->say(std::string("last"));
  EXPECT_EQ(next(*got).value(), "");
}

TEST_F(a_stream, frees_the_server_when_its_reader_goes) {
  auto to = make_http_upstream(io.io, address, {});
  auto got = open(*to);
  EXPECT_EQ(server->requests_in_flight(), 1U);
  got = nullptr;
  EXPECT_TRUE(test::eventually([&] {
    stream->say(std::string("more"));
    return server->requests_in_flight() == 0;
  }));
}

TEST_F(a_stream, is_followed_at_an_address_that_answers) {
  asio::ip::tcp::acceptor closed(io.io, {asio::ip::make_address("127.0.0.1"), 0});
  auto nobody = "http://127.0.0.1:" + std::to_string(closed.local_endpoint().port());
  closed.close();
  auto to = make_http_upstream(io.io, nobody + "," + address, {});
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(open(*to));
}

TEST_F(a_stream, refused_is_an_ordinary_answer) {
  auto to = make_http_upstream(io.io, address, {});
  auto r = asking(method::get, "/nothing");
  auto answer = io.wait(to->follow(r));
  EXPECT_EQ(answer->status, 404);
  EXPECT_FALSE(answer->stream);
  EXPECT_FALSE(answer->body.empty());
}

}  // namespace
}  // namespace oficio::http
