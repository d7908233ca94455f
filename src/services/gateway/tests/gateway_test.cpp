#include <gmock/gmock.h>

#include "platform/telemetry/tests/kept.hpp"
#include "services/gateway/tests/market.hpp"

namespace oficio::gateway {
namespace {

using test::a_gateway;

TEST_F(a_gateway, hands_each_path_to_its_service_without_the_prefix) {
  open();
  EXPECT_EQ(get("/api/v1/gigs/search?q=a%20b&x=%26").body, "\"/gigs/search?q=a%20b&x=%26\"");
  EXPECT_EQ(services["gigs"].calls, 1);
  EXPECT_EQ(get("/api/v1//sellers/%61na/reviews").body, "\"/sellers/ana/reviews\"");
  EXPECT_EQ(services["reviews"].calls, 1);
  EXPECT_EQ(get("/api/v1/users/a%2Fb").body, "\"/users/a%2Fb\"");
  EXPECT_EQ(services["users"].calls, 1);
  EXPECT_EQ(ask(http::method::head, "/api/v1/categories").status, 200);
  EXPECT_EQ(services["gigs"].last.method, http::method::head);
  EXPECT_EQ(ask(http::method::put, "/api/v1/users/me/blocks/bob",
                {{"Authorization", "Bearer " + token()}})
                .status,
            200);
  EXPECT_EQ(services["chat"].calls, 1);
}

TEST_F(a_gateway, routes_nothing_that_is_not_in_the_contract) {
  open();
  for (auto target :
       {"/api/v1/internal/events", "/internal/events", "/api/v1/internal/sessions/ended",
        "/api/v1/gigs/../internal", "/gigs/7/similar", "/api/v1", "/api/v2/gigs", "/api/v1/readyz",
        "/api/v1/%69nternal/events", "/internal/sessions/ended"}) {
    http::request probe;
    if (!http::parse_target(target, probe)) continue;  // the server refuses it before
    auto r = get(target);
    EXPECT_EQ(r.status, 404) << target;
    EXPECT_EQ(code_of(r), "no_such_route");
  }
  auto wrong = ask(http::method::del, "/api/v1/gigs/search");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.get("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(ask(http::method::options, "/api/v1/users/me").headers.get("Allow"),
            "GET, HEAD, PATCH, OPTIONS");
  for (const auto& [name, service] : services) EXPECT_EQ(service.calls, 0) << name;
}

TEST_F(a_gateway, proves_who_calls_to_that_service_alone) {
  open();
  EXPECT_EQ(get("/api/v1/orders", {{"Authorization", "Bearer " + token()}}).status, 200);
  std::string proof(services["orders"].last.headers.get(security::identity_header));
  auto who = identities.verify(proof, "orders");
  ASSERT_TRUE(who.has_value());
  EXPECT_EQ(who->sub, "account-1");
  EXPECT_EQ(who->sid, "session-1");
  EXPECT_TRUE(identities.verify(proof, "gigs").has_error());
}

TEST_F(a_gateway, keeps_what_a_client_must_not_say_from_the_services) {
  open();
  auto forged = identities.issue({.sub = "victim"}, "gigs");
  auto r = get("/api/v1/gigs/7", {{"X-Oficio-Identity", forged},
                                  {"x-oficio-anything", "1"},
                                  {"X-Forwarded-For", "6.6.6.6"},
                                  {"X-Forwarded-Proto", "gopher"},
                                  {"Forwarded", "for=6.6.6.6"},
                                  {"X-Real-IP", "6.6.6.6"},
                                  {"Cookie", "access=rubbish"},
                                  {"Connection", "close, X-Hop"},
                                  {"X-Hop", "1"},
                                  {"TE", "trailers"},
                                  {"If-Match", "3"},
                                  {"Idempotency-Key", "k"}});
  EXPECT_EQ(r.status, 200);
  EXPECT_FALSE(r.headers.has(security::identity_header));
  const auto& got = services["gigs"].last.headers;
  for (auto name : {"X-Oficio-Identity", "X-Oficio-Anything", "X-Forwarded-Proto", "Forwarded",
                    "X-Real-IP", "Cookie", "Connection", "X-Hop", "TE"}) {
    EXPECT_FALSE(got.has(name)) << name;
  }
  EXPECT_EQ(got.get("X-Forwarded-For"), "127.0.0.1");
  EXPECT_EQ(got.get("If-Match"), "3");
  EXPECT_EQ(got.get("Idempotency-Key"), "k");
  EXPECT_FALSE(services["gigs"].last.headers.has("Authorization"));
}

TEST_F(a_gateway, decides_itself_which_traces_are_recorded) {
  telemetry::kept_records kept;
  telemetry::tracer none(kept, {}, {.share = 0});
  telemetry::tracer all(kept, {}, {.share = 1});
  for (auto* by : std::initializer_list<telemetry::tracer*>{nullptr, &none, &all}) {
    open({.tracer = by});
    says_recorded = by != &all;
    get("/api/v1/gigs/search");
    EXPECT_EQ(services["gigs"].last.ctx.trace.sampled, by == &all);
  }
  EXPECT_EQ(kept.of(telemetry::kind::transaction).size(), 1U);
}

TEST_F(a_gateway, limits_requests_of_an_address) {
  open({.per_address = {.burst = 3, .refill_all_in = std::chrono::hours(1)}});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get("/api/v1/gigs/7").status, 200);
  auto r = get("/api/v1/gigs/7");
  EXPECT_EQ(r.status, 429);
  EXPECT_EQ(code_of(r), "rate_limited");
  EXPECT_FALSE(r.headers.get("Retry-After").empty());
  EXPECT_EQ(get("/healthz").status, 200);
  peer = "2001:db8:1:2::1";
  EXPECT_EQ(get("/api/v1/gigs/7").status, 200);
}

TEST_F(a_gateway, limits_requests_of_an_account_wherever_it_is) {
  open({.per_address = {.burst = 0},
        .per_account = {.burst = 2, .refill_all_in = std::chrono::hours(1)}});
  test::headers mine{{"Authorization", "Bearer " + token()}};
  EXPECT_EQ(get("/api/v1/orders", mine).status, 200);
  peer = "10.0.0.2";
  EXPECT_EQ(get("/api/v1/orders", mine).status, 200);
  peer = "10.0.0.3";
  EXPECT_EQ(get("/api/v1/orders", mine).status, 429);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(get("/api/v1/gigs/7").status, 200);
}

TEST_F(a_gateway, hardens_every_answer) {
  open({.secure_cookies = true});
  for (auto target : {"/", "/api/v1/gigs/7", "/nowhere", "/healthz"}) {
    auto r = get(target);
    EXPECT_EQ(r.headers.get("X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(r.headers.get("X-Frame-Options"), "DENY");
    EXPECT_FALSE(r.headers.get("Referrer-Policy").empty());
    EXPECT_FALSE(r.headers.get("Strict-Transport-Security").empty());
    EXPECT_THAT(std::string(r.headers.get("Content-Security-Policy")),
                testing::HasSubstr("default-src 'none'"));
  }
}

TEST_F(a_gateway, shows_the_web_application_without_inline_scripts) {
  open();
  auto page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.headers.get("Cache-Control"), "no-cache");
  EXPECT_TRUE(page.body.starts_with("<!doctype html>"));
  for (auto inlined : {"<script>", "<style", " style=", " onclick="}) {
    EXPECT_THAT(page.body, testing::Not(testing::HasSubstr(inlined)));
  }
  EXPECT_EQ(get("/", {{"If-None-Match", std::string(page.headers.get("ETag"))}}).status, 304);
  EXPECT_EQ(get("/gigs/7").body, page.body);
  EXPECT_EQ(get("/index.html").status, 404);
}

TEST_F(a_gateway, sends_the_applications_files_packed_and_for_ever) {
  open();
  auto page = get("/").body;
  auto begin = page.find("/assets/");
  ASSERT_NE(begin, std::string::npos);
  auto script = page.substr(begin, page.find('"', begin) - begin);
  auto plain = get(script);
  EXPECT_EQ(plain.status, 200);
  EXPECT_EQ(plain.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_FALSE(plain.headers.has("Content-Encoding"));
  auto packed = get(script, {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(packed.headers.get("Content-Encoding"), "br");
  EXPECT_LT(packed.body.size(), plain.body.size());
  EXPECT_EQ(get(script, {{"Accept-Encoding", "gzip"}}).headers.get("Content-Encoding"), "gzip");
  EXPECT_EQ(get(script, {{"Accept-Encoding", "br;q=0"}}).body, plain.body);
}

// A browser that keeps the worker's script would keep a version of the application.
TEST_F(a_gateway, lets_the_service_worker_be_asked_for_again_each_time) {
  open();
  for (std::string_view script : {"/sw.js", "/scheme.js"}) {
    auto r = get(std::string(script));
    EXPECT_EQ(r.status, 200) << script;
    EXPECT_EQ(r.headers.get("Cache-Control"), "no-cache") << script;
    EXPECT_EQ(r.headers.get("Content-Type"), "text/javascript; charset=utf-8") << script;
  }
  EXPECT_THAT(std::string(get("/").headers.get("Content-Security-Policy")),
              testing::HasSubstr("worker-src 'self'"));
  EXPECT_EQ(get("/sw.js").headers.get("Content-Security-Policy"),
            "default-src 'none'; connect-src 'self'");
}

TEST_F(a_gateway, tells_people_on_a_page_that_there_is_nothing) {
  open();
  auto page = get("/nowhere", {{"Accept", "text/html,*/*"}});
  EXPECT_EQ(page.status, 404);
  EXPECT_EQ(page.body, get("/").body);
  EXPECT_TRUE(get("/nowhere").body.starts_with("{"));
  EXPECT_TRUE(get("/api/v1/nowhere", {{"Accept", "text/html"}}).body.starts_with("{"));
  EXPECT_TRUE(ask(http::method::post, "/nowhere", {{"Accept", "text/html"}}).body.starts_with("{"));
}

TEST_F(a_gateway, is_ready_when_all_services_are) {
  open();
  EXPECT_EQ(get("/healthz").body, R"({"status":"ok"})");
  auth.routes.get("/readyz", [this](http::request&) { return auth.prepared(); });
  auth.answer = http::json_response(200, std::string(R"({"status":"ok","checks":{}})"));
  auto r = get("/readyz");
  EXPECT_EQ(r.status, 200) << r.body;
  EXPECT_EQ(json::parse(r.body)->at("services").at("auth").at("status"), "ok");
  services["orders"].status = 503;
  r = get("/readyz");
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(json::parse(r.body)->at("status"), "unavailable");
  EXPECT_EQ(json::parse(r.body)->at("services").at("orders").at("status"), "unavailable");
}

TEST_F(a_gateway, tells_why_a_service_is_not_ready_on_this_machine_alone) {
  open();
  for (auto& [name, service] : services) {
    service.routes.get("/readyz", [this](http::request&) { return auth.prepared(); });
  }
  auth.routes.get("/readyz", [this](http::request&) { return auth.prepared(); });
  auth.answer = http::json_response(
      503, std::string(R"({"status":"unavailable","checks":{"database":{"state":"away",)"
                       R"("reason":"db7.internal does not answer"}}})"));
  auto here = get("/readyz", {{"Host", "127.0.0.1:4000"}});
  EXPECT_THAT(here.body, testing::HasSubstr("db7.internal"));
  peer = "10.0.0.9";
  auto outside = get("/readyz", {{"Host", "market.example"}});
  EXPECT_EQ(outside.status, 503);
  EXPECT_EQ(json::parse(outside.body)->at("services").at("auth"),
            (json::object{{"status", "unavailable"}}));
}

TEST_F(a_gateway, says_which_service_is_not_there) {
  locals.erase("orders");
  open();
  auto r = get("/api/v1/orders");
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(code_of(r), "service_unavailable");
}

TEST_F(a_gateway, offers_dev_pages_to_this_machine_alone) {
  open();
  test::headers here{{"Host", "localhost:4000"}};
  EXPECT_EQ(get("/dev/mail?to=ana", here).body, "\"/dev/mail?to=ana\"");
  auto before = clock.now();
  test::headers json{{"Host", "127.0.0.1:4000"}};
  EXPECT_EQ(post("/dev/clock", json, R"({"advance":"73h"})").status, 200);
  EXPECT_GE(clock.now() - before, std::chrono::hours(73));
  EXPECT_EQ(post("/dev/clock", json, R"({"advance":"soon"})").status, 422);

  EXPECT_EQ(get("/dev/mail", {{"Host", "rebound.example"}}).status, 404);
  EXPECT_EQ(get("/dev/mail", {{"Host", "localhost"}, {"X-Forwarded-For", "1.2.3.4"}}).status, 404);
  peer = "10.0.0.9";
  EXPECT_EQ(get("/dev/mail", here).status, 404);
  EXPECT_EQ(post("/dev/clock", json, R"({"advance":"1h"})").status, 404);
}

TEST_F(a_gateway, moves_the_clocks_of_other_processes_with_its_own) {
  clocks = {{"orders", locals.at("orders").get()}, {"chat", locals.at("chat").get()}};
  for (auto name : {"orders", "chat"}) services[name].status = 204;
  open();
  test::headers json{{"Host", "127.0.0.1:4000"}};
  EXPECT_EQ(post("/dev/clock", json, R"({"advance":"2s"})").status, 200);
  for (auto name : {"orders", "chat"}) {
    EXPECT_EQ(services[name].last.target, "/internal/clock");
    EXPECT_EQ(services[name].last.body, R"({"advance_ms":2000})");
    auto asker = services[name].last.headers.get(security::identity_header);
    EXPECT_TRUE(identities.verify(asker, name)->has_role("gateway"));
  }
  services["chat"].status = 403;
  EXPECT_EQ(post("/dev/clock", json, R"({"advance":"2s"})").status, 403) << "not all have moved";
}

TEST_F(a_gateway, has_no_dev_pages_where_they_are_switched_off) {
  open({.dev_pages = false});
  EXPECT_EQ(get("/dev/mail", {{"Host", "localhost"}}).status, 404);
  EXPECT_EQ(post("/dev/clock", {{"Host", "localhost"}}, R"({"advance":"1h"})").status, 404);
}

TEST_F(a_gateway, hands_files_to_the_service_that_owns_their_purpose) {
  open();
  test::headers mine{{"Authorization", "Bearer " + token()}};
  EXPECT_EQ(post("/api/v1/files?for=chat", mine).status, 200);
  EXPECT_EQ(services["chat"].calls, 1);
  EXPECT_EQ(post("/api/v1/files?for=fun", mine).status, 422);
  EXPECT_EQ(get("/api/v1/files/avatar-1").status, 200);
  EXPECT_EQ(services["users"].calls, 1);
  EXPECT_EQ(get("/api/v1/files/1").status, 404);
}

}  // namespace
}  // namespace oficio::gateway
