// What clients send that mean no good, or were written in a hurry: byte for byte.
#include <gtest/gtest.h>

#include "platform/http/tests/running.hpp"

namespace oficio::http {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;
using test::raw_client;

awaitable<result<response>> tell(request& r) {
  std::string path;
  for (const auto& segment : r.path) path += "|" + segment;
  co_return response{.status = 200, .headers = {}, .body = path + " " + r.body, .failure = {}};
}

awaitable<result<response>> secret() {
  co_return response{.status = 200, .headers = {}, .body = "secret", .failure = {}};
}

class a_server_among_enemies : public testing::Test {
 protected:
  a_server_among_enemies() {
    routes.get("/open/{id}", tell).post("/open/{id}", tell);
    routes.get("/internal/events", [](request&) { return secret(); });
    routes.get("/", tell);
    served = make_server(io.io, {.max_header_fields = 20, .max_body_bytes = 1000}, routes,
                         telemetry::logger(nullptr, "test"));
    served->start();
  }

  ~a_server_among_enemies() override {
    served->stop_accepting();
    io.wait(served->finish(2s));
    served.reset();  // before the io context
  }

  test::raw_answer ask(std::string_view bytes) { return raw_client(served->port()).ask(bytes); }
  test::raw_answer get(const std::string& target) {
    return ask("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }

  // Refused, the connection closed, and nothing that came behind it taken for a request.
  void expect_refused(int status, std::string_view bytes) {
    raw_client client(served->port());
    client.send(bytes);
    client.send("GET /internal/events HTTP/1.1\r\nHost: x\r\n\r\n");
    auto r = client.receive();
    EXPECT_EQ(r.status, status) << bytes;
    EXPECT_EQ(r.field("Content-Type"), "application/problem+json");
    EXPECT_NE(r.body.find("\"code\":\""), std::string::npos);
    EXPECT_TRUE(client.is_closed()) << bytes;
    EXPECT_EQ(get("/open/1").status, 200) << "after " << bytes;
  }

  router routes;
  test::running_io io;
  std::unique_ptr<server> served;
};

std::string chunked(std::string_view body) {
  return "POST /open/1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
         std::string(body);
}

TEST_F(a_server_among_enemies, takes_chunks_that_are_well_formed) {
  EXPECT_EQ(ask(chunked("3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n")).body, "|open|1 abcd");
  EXPECT_EQ(ask(chunked("0003\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n")).body, "|open|1 abc");
  EXPECT_EQ(ask(chunked("A\r\n0123456789\r\n0\r\n\r\n")).body, "|open|1 0123456789");
}

TEST_F(a_server_among_enemies, refuses_chunks_that_are_not) {
  for (auto body : {"zz\r\nabc\r\n0\r\n\r\n"sv,                 // no number
                    "0x3\r\nabc\r\n0\r\n\r\n"sv,                //
                    "+3\r\nabc\r\n0\r\n\r\n"sv,                 //
                    "-3\r\nabc\r\n0\r\n\r\n"sv,                 //
                    " 3\r\nabc\r\n0\r\n\r\n"sv,                 //
                    "\r\nabc\r\n0\r\n\r\n"sv,                   //
                    "FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n"sv,  // more than a number holds
                    "3\nabc\r\n0\r\n\r\n"sv,                    // bare line feeds
                    "3\r\nabc\n0\r\n\r\n"sv,                    //
                    "3\r\nabcd\r\n0\r\n\r\n"sv,                 // longer than told
                    "5\r\nabc\r\n0\r\n\r\n"sv,                  // shorter
                    "3;a=\n\"\r\nabc\r\n0\r\n\r\n"sv,           // an extension that hides a line
                    "3;\x01\r\nabc\r\n0\r\n\r\n"sv}) {
    expect_refused(400, chunked(body));
  }
  // However long a chunk's line or the trailers are, they are not kept.
  expect_refused(400, chunked("3;" + std::string(100'000, 'a')));
  expect_refused(400, chunked("0\r\n" + std::string(100'000, 'a')));
  expect_refused(413, chunked("3E9\r\n" + std::string(1001, 'a')));
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "1\r\na\r\n";
  expect_refused(413, chunked(many + "0\r\n\r\n"));
}

TEST_F(a_server_among_enemies, refuses_lengths_that_can_be_doubted) {
  for (auto fields :
       {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: \x0b"
        "chunked\r\n",
        "Transfer-Encoding:\r\n chunked\r\n", "Content-Length: 3\r\nContent-Length: 3\r\n",
        "Content-Length: 0x3\r\n", "Content-Length: 3 \t3\r\n", "Content-Length: -3\r\n",
        "Content-Length: 99999999999999999999999\r\n", "Content-Length:\r\n",
        "Content-Length : 3\r\n"}) {
    expect_refused(400, "POST /open/1 HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\nabc");
  }
}

TEST_F(a_server_among_enemies, takes_few_fields) {
  std::string fields;
  for (int i = 0; i < 19; ++i) fields += "X-" + std::to_string(i) + ": 1\r\n";
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n").status, 200);
  for (int i = 0; i < 2'000; ++i) fields += "Y: 1\r\n";
  expect_refused(431, "GET / HTTP/1.1\r\nHost: x\r\n" + fields);
}

TEST_F(a_server_among_enemies, does_not_answer_trace_and_connect) {
  expect_refused(405, "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n");
  expect_refused(405, "CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n");
  expect_refused(501, "BREW / HTTP/1.1\r\nHost: x\r\n\r\n");
  expect_refused(501, "get / HTTP/1.1\r\nHost: x\r\n\r\n");
}

TEST_F(a_server_among_enemies, knows_one_host_a_request) {
  for (auto host : {"Host: x\r\nHost: x\r\n", "Host: x\r\nhost: y\r\n", "Host: x, y\r\n",
                    "Host: x/y\r\n", "Host: u@x\r\n", "Host: x y\r\n", ""}) {
    expect_refused(400, "GET / HTTP/1.1\r\n" + std::string(host) + "\r\n");
  }
  EXPECT_EQ(ask("GET http://X/open/1?a=b HTTP/1.1\r\nHost: x\r\n\r\n").body, "|open|1 ");
  EXPECT_EQ(ask("GET http://x HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(ask("GET https://x?a=b HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  expect_refused(400, "GET http://y/open/1 HTTP/1.1\r\nHost: x\r\n\r\n");
  expect_refused(400, "GET http://u@x/open/1 HTTP/1.1\r\nHost: x\r\n\r\n");
  expect_refused(400, "GET ftp://x/open/1 HTTP/1.1\r\nHost: x\r\n\r\n");
  expect_refused(400, "GET x HTTP/1.1\r\nHost: x\r\n\r\n");
  expect_refused(400, "GET * HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").status, 204);
}

TEST_F(a_server_among_enemies, reads_a_path_in_one_way) {
  EXPECT_EQ(get("/%6fpen/1").body, "|open|1 ");
  EXPECT_EQ(get("//open///1/").body, "|open|1 ");
  EXPECT_EQ(get("/open/a%2Fb").body, "|open|a/b ");
  EXPECT_EQ(get("/open/%252e%252e").body, "|open|%2e%2e ");
  for (auto target : {"/open/..%2finternal%2fevents", "/internal%2Fevents", "/internal%5Cevents",
                      "/internal;/events", "/open%2F..%2F..%2Finternal/events"}) {
    EXPECT_EQ(get(target).body.find("secret"), std::string::npos) << target;
  }
  for (auto target :
       {"/open/../internal/events", "/open/%2e%2e/internal/events", "/./internal/events",
        "/open/.%2E/internal/events", "/open/%00", "/open/%ff", "/open/%c0%ae%c0%ae", "/open/%",
        "/open/%2", "/open/%zz", "/open/1#x", "/open/1?a=%zz"}) {
    expect_refused(400, "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }
}

TEST_F(a_server_among_enemies, keeps_up_with_whoever_sends_a_thousand_requests_at_once) {
  raw_client client(served->port());
  std::string all;
  for (int i = 0; i < 1'000; ++i) {
    all += "GET /open/" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  client.send(all);
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_EQ(client.receive().body, "|open|" + std::to_string(i) + " ");
  }
}

TEST_F(a_server_among_enemies, forgets_whoever_leaves_in_the_middle) {
  for (auto part :
       {"GET / HT", "POST /open/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab",
        "POST /open/1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab"}) {
    raw_client(served->port()).send(part);
  }
  EXPECT_TRUE(test::eventually([&] { return served->connections() == 0; }));
  EXPECT_EQ(get("/open/1").status, 200);
}

}  // namespace
}  // namespace oficio::http
