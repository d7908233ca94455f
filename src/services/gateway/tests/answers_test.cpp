// What the gateway does to answers on their way out: compression, conditions, other origins' pages.
#include "services/gateway/answers.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

#include "services/gateway/compression.hpp"
#include "services/gateway/tests/market.hpp"

namespace oficio::gateway {
namespace {

using test::a_gateway;
using test::headers;
using testing::HasSubstr;
using testing::Not;

std::string gunzip(std::string_view bytes) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(1'000'000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  auto ended = inflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  inflateEnd(&stream);
  return ended == Z_STREAM_END ? out : "not gzip";
}

TEST(accept_encoding, is_read_with_its_weights) {
  for (auto yes : {"gzip", "br, gzip", "GZIP", "x-gzip", "gzip;q=0.5", "gzip ; q=1", "*",
                   "identity;q=0.5, *;q=0.1", "deflate, gzip;q=1.0, *;q=0.5"}) {
    EXPECT_TRUE(takes(yes, "gzip")) << yes;
  }
  for (auto no :
       {"", "br", "identity", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "gzipped"}) {
    EXPECT_FALSE(takes(no, "gzip")) << no;
  }
}

struct an_answer : a_gateway {
  // Gigs answer with a path that is repeated, so that it is long and can be compressed.
  http::response ask_gigs(std::size_t size, const headers& fields,
                          std::string_view target = "/api/v1/gigs/7") {
    open();
    services["gigs"].long_body = std::string(size, 'a');
    return get(target, fields);
  }
};

TEST_F(an_answer, is_compressed_for_those_who_take_it) {
  for (std::size_t size : {2'000, 300'000}) {  // at once, and on the pool
    auto r = ask_gigs(size, {{"Accept-Encoding", "gzip"}});
    EXPECT_EQ(r.headers.get("Content-Encoding"), "gzip");
    EXPECT_THAT(std::string(r.headers.get("Vary")), HasSubstr("Accept-Encoding"));
    EXPECT_LT(r.body.size(), 1'000u);
    EXPECT_EQ(gunzip(r.body), "\"" + std::string(size, 'a') + "\"");
  }
  for (const headers& fields : {headers{}, headers{{"Accept-Encoding", "gzip;q=0"}}}) {
    auto r = ask_gigs(2'000, fields);
    EXPECT_FALSE(r.headers.has("Content-Encoding"));
    EXPECT_THAT(std::string(r.headers.get("Vary")), HasSubstr("Accept-Encoding"));
  }
  EXPECT_FALSE(ask_gigs(100, {{"Accept-Encoding", "gzip"}}).headers.has("Content-Encoding"));
}

TEST_F(an_answer, that_may_hold_secrets_is_not_compressed) {
  open();
  headers visitor{{"Accept-Encoding", "gzip"}};
  headers somebody{{"Accept-Encoding", "gzip"}, {"Authorization", "Bearer " + token()}};
  services["orders"].long_body = services["gigs"].long_body = std::string(5'000, 'a');
  EXPECT_FALSE(get("/api/v1/orders", somebody).headers.has("Content-Encoding"));
  EXPECT_TRUE(get("/api/v1/gigs/7", somebody).headers.has("Content-Encoding"));
  auth.answer = http::json_response(200, "\"" + std::string(5'000, 'a') + "\"");
  EXPECT_FALSE(post("/api/v1/auth/signin", visitor).headers.has("Content-Encoding"));
}

TEST_F(an_answer, has_a_tag_where_it_is_for_everybody) {
  auto first = ask_gigs(2'000, {});
  std::string tag(first.headers.get("ETag"));
  EXPECT_TRUE(tag.starts_with("W/\"")) << tag;
  EXPECT_EQ(first.headers.get("Cache-Control"), "private, no-cache");
  for (const auto& known : {tag, "\"x\", " + tag, std::string("*"), tag.substr(2)}) {
    auto again = get("/api/v1/gigs/7", {{"If-None-Match", known}, {"Accept-Encoding", "gzip"}});
    EXPECT_EQ(again.status, 304) << known;
    EXPECT_TRUE(again.body.empty());
    EXPECT_EQ(again.headers.get("ETag"), tag);
  }
  services["gigs"].long_body = std::string(2'000, 'b');
  EXPECT_EQ(get("/api/v1/gigs/7", {{"If-None-Match", tag}}).status, 200);

  headers mine{{"Authorization", "Bearer " + token()}};
  auto own = get("/api/v1/orders", mine);
  EXPECT_FALSE(own.headers.has("ETag"));
  EXPECT_EQ(own.headers.get("Cache-Control"), "no-store");
  services["gigs"].status = 404;
  EXPECT_FALSE(get("/api/v1/gigs/7").headers.has("ETag"));
}

TEST(content_tags, stand_for_a_revision_when_they_come_back) {
  for (auto [sent, meant] : {
           std::pair("W/\"3.9f86d081884c7d65\"", "\"3\""),
           std::pair("\"3.9f86d081884c7d65\"", "\"3\""),
           std::pair("\"3\"", "\"3\""),
           std::pair("W/\"3\"", "W/\"3\""),
           std::pair("*", "*"),
           std::pair("\"9f86d081884c7d65\"", "\"9f86d081884c7d65\""),
           std::pair("\"3.9f86\"", "\"3.9f86\""),
           std::pair("", ""),
           std::pair("\"", "\""),
       }) {
    EXPECT_EQ(revision_tag(sent), meant);
  }
}

TEST_F(an_answer, has_a_tag_of_its_revision_and_its_content) {
  open();
  services["gigs"].tag = "\"3\"";
  std::string tag(get("/api/v1/gigs/7").headers.get("ETag"));
  EXPECT_TRUE(tag.starts_with("W/\"3.")) << tag;
  EXPECT_EQ(get("/api/v1/gigs/7", {{"If-None-Match", tag}}).status, 304);
  // A rating came: the same revision, another content.
  services["gigs"].long_body = "rated";
  EXPECT_EQ(get("/api/v1/gigs/7", {{"If-None-Match", tag}}).status, 200);
  EXPECT_EQ(get("/api/v1/gigs/7", {{"If-None-Match", "\"3\""}}).status, 200);
  ask(http::method::patch, "/api/v1/gigs/7",
      {{"If-Match", tag}, {"Authorization", "Bearer " + token()}}, "{}");
  EXPECT_EQ(services["gigs"].last.headers.get("If-Match"), "\"3\"");
}

TEST_F(an_answer, keeps_its_files_tag_when_it_is_compressed) {
  open();
  auto plain = get("/docs/swagger-ui.css");
  auto small = get("/docs/swagger-ui.css", {{"Accept-Encoding", "gzip"}});
  std::string tag(small.headers.get("ETag"));
  EXPECT_EQ(tag, "W/" + std::string(plain.headers.get("ETag")));
  EXPECT_EQ(gunzip(small.body), plain.body);
  EXPECT_EQ(get("/docs/swagger-ui.css", {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(get("/docs/swagger-ui.css", {{"Accept-Encoding", "gzip"}}).body, small.body);
}

TEST_F(an_answer, is_readable_by_listed_origins_alone) {
  open({.cors_origins = "https://app.example, http://localhost:5173"});
  auto r = get("/api/v1/gigs/7", {{"Origin", "https://app.example"}});
  EXPECT_EQ(r.headers.get("Access-Control-Allow-Origin"), "https://app.example");
  EXPECT_EQ(r.headers.get("Access-Control-Allow-Credentials"), "true");
  EXPECT_THAT(std::string(r.headers.get("Vary")), HasSubstr("Origin"));
  for (auto foreign : {"https://evil.example", "https://app.example.evil", "null",
                       "https://app.example:444", "http://app.example", "HTTPS://APP.EXAMPLE"}) {
    auto refused = get("/api/v1/gigs/7", {{"Origin", foreign}});
    EXPECT_FALSE(refused.headers.has("Access-Control-Allow-Origin")) << foreign;
    EXPECT_THAT(std::string(refused.headers.get("Vary")), HasSubstr("Origin"));
  }
  headers preflight{{"Origin", "http://localhost:5173"},
                    {"Access-Control-Request-Method", "PATCH"},
                    {"Access-Control-Request-Headers", "x-csrf-token"}};
  auto allowed = ask(http::method::options, "/api/v1/users/me", preflight);
  EXPECT_EQ(allowed.status, 204);
  EXPECT_THAT(std::string(allowed.headers.get("Access-Control-Allow-Methods")), HasSubstr("PATCH"));
  EXPECT_THAT(std::string(allowed.headers.get("Access-Control-Allow-Headers")),
              HasSubstr("X-CSRF-Token"));
  EXPECT_EQ(allowed.headers.get("Access-Control-Max-Age"), "600");
}

TEST_F(an_answer, is_readable_by_no_other_origin_where_none_is_listed) {
  open();
  auto r = get("/api/v1/gigs/7", {{"Origin", "https://app.example"}});
  EXPECT_FALSE(r.headers.has("Access-Control-Allow-Origin"));
  EXPECT_THAT(std::string(r.headers.get("Vary")), Not(HasSubstr("Origin")));
}

TEST(origins, must_be_origins) {
  for (auto bad :
       {"app.example", "https://app.example/", "https://app.example/x", "*", "null",
        "https://u@app.example", "ftp://app.example", "https://a.example,,https://b.example"}) {
    EXPECT_THROW(origins{bad}, std::invalid_argument) << bad;
  }
}

struct a_busy_gateway : a_gateway {
  static security::rate once_in_a_while(double burst) {
    return {.burst = burst, .refill_all_in = std::chrono::hours(1)};
  }
};

TEST_F(a_busy_gateway, limits_what_is_expensive_apart) {
  open({.sign_in = once_in_a_while(2), .search = once_in_a_while(3), .upload = once_in_a_while(1)});
  auth.answer = http::json_response(401, std::string("{}"));
  EXPECT_EQ(post("/api/v1/auth/signin").status, 401);
  EXPECT_EQ(post("/api/v1/auth/signup").status, 401);
  auto refused = post("/api/v1/auth/signin");
  EXPECT_EQ(refused.status, 429);
  EXPECT_FALSE(refused.headers.get("Retry-After").empty());
  for (auto target :
       {"/api/v1/gigs/search?q=a", "/api/v1/gigs/suggest?q=a", "/api/v1/gigs/7/similar"}) {
    EXPECT_EQ(get(target).status, 200) << target;
  }
  EXPECT_EQ(get("/api/v1/gigs/search?q=b").status, 429);
  headers mine{{"Authorization", "Bearer " + token()}};
  EXPECT_EQ(post("/api/v1/files?for=chat", mine).status, 200);
  EXPECT_EQ(post("/api/v1/files?for=chat", mine).status, 429);
  EXPECT_EQ(get("/api/v1/gigs/7").status, 200);
  peer = "10.0.0.9";
  EXPECT_EQ(get("/api/v1/gigs/search?q=b").status, 200);
  EXPECT_THAT(figures.text(), HasSubstr("oficio_gateway_limited_total{limit=\"search\"} 1\n"));
}

TEST_F(a_busy_gateway, has_no_limit_at_all_where_addresses_have_none) {
  open({.per_address = {.burst = 0}, .search = once_in_a_while(1)});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(get("/api/v1/gigs/search?q=a").status, 200);
}

TEST_F(a_busy_gateway, shows_its_figures_to_this_machine_alone) {
  open();
  get("/api/v1/gigs/7");
  headers here{{"Host", "127.0.0.1:4000"}};
  auto r = get("/metrics", here);
  EXPECT_EQ(r.status, 200);
  EXPECT_THAT(r.body, HasSubstr("oficio_upstream_request_duration_seconds_count{service=\"gigs\","
                                "outcome=\"2xx\"} 1\n"));
  EXPECT_EQ(get("/metrics", {{"Host", "market.example"}}).status, 404);
  EXPECT_EQ(get("/metrics", {{"Host", "127.0.0.1"}, {"X-Forwarded-For", "1.2.3.4"}}).status, 404);
  peer = "10.0.0.9";
  EXPECT_EQ(get("/metrics", here).status, 404);
}

// Shared with its answers: the last of them end after the test.
struct waiting_services {
  std::atomic<int> asked{0};
  std::atomic<bool> silent{false};

  static awaitable<result<http::response>> ready(std::shared_ptr<waiting_services> self) {
    ++self->asked;
    // All of them must have been asked before one answers.
    for (int i = 0; i < 400 && (self->silent || self->asked < 6); ++i) {
      co_await runtime::sleep_for(std::chrono::milliseconds(10));
    }
    co_return http::json_response(200, std::string(R"({"status":"ok"})"));
  }
};

TEST_F(a_gateway, asks_all_services_at_once_whether_they_are_ready) {
  auto waiting = std::make_shared<waiting_services>();
  for (auto& [name, service] : services) {
    service.routes.get("/readyz",
                       [waiting](http::request&) { return waiting_services::ready(waiting); });
  }
  auth.routes.get("/readyz", [this](http::request&) { return auth.prepared(); });
  auth.answer = http::json_response(200, std::string("{}"));
  open();
  EXPECT_EQ(get("/readyz").status, 200);
  waiting->silent = true;
  auto r = get("/readyz");
  EXPECT_EQ(r.status, 503);
  auto said = json::parse(r.body)->at("services");
  EXPECT_EQ(said.at("gigs").at("status"), "unreachable");
  EXPECT_NE(said.as_object().if_contains("auth"), nullptr);
  waiting->silent = false;
}

}  // namespace
}  // namespace oficio::gateway
