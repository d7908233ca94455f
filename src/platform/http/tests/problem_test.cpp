#include "platform/http/problem.hpp"

#include <boost/describe.hpp>
#include <gtest/gtest.h>

#include "platform/http/body.hpp"
#include "platform/http/json_response.hpp"

namespace oficio::http {
namespace {

json::object body_of(const response& r) {
  return json::parse(r.body)->as_object();
}

TEST(problem, tells_what_a_client_needs) {
  context ctx;
  ctx.request_id = "r-1";
  auto e = invalid({{"/title", "too_short", "must have at least 15 characters"}});
  e.retry_after = std::chrono::seconds(7);
  auto r = problem(e, ctx);
  EXPECT_EQ(r.status, 422);
  EXPECT_EQ(r.headers.get("Content-Type"), "application/problem+json");
  EXPECT_EQ(r.headers.get("Retry-After"), "7");
  auto body = body_of(r);
  EXPECT_EQ(body["status"], 422);
  EXPECT_EQ(body["code"], "validation_failed");
  EXPECT_EQ(body["request_id"], "r-1");
  EXPECT_EQ(body["errors"].at(0).at("pointer"), "/title");
  EXPECT_TRUE(r.failure.empty());
}

TEST(problem, hides_what_broke_inside_but_tells_the_log) {
  auto r = problem({errc::internal, "sql", "no table accounts on db7.internal"}, {});
  EXPECT_EQ(r.status, 500);
  EXPECT_EQ(r.body.find("db7"), std::string::npos);
  EXPECT_EQ(body_of(r)["code"], "internal");
  EXPECT_NE(r.failure.find("db7"), std::string::npos);
}

TEST(problem, reads_back_as_the_same_error) {
  error e{
      errc::too_many, "rate_limited", "Slow down.", {{"?q", "x", "y"}}, std::chrono::seconds(3)};
  auto back = read_problem(problem(e, {}));
  EXPECT_EQ(back.kind, e.kind);
  EXPECT_EQ(back.code, e.code);
  EXPECT_EQ(back.detail, e.detail);
  EXPECT_EQ(back.retry_after, e.retry_after);
  ASSERT_EQ(back.violations.size(), 1u);
  EXPECT_EQ(back.violations[0].pointer, "?q");
  EXPECT_EQ(back.violations[0].broken, bounds{});
}

TEST(problem, names_the_bounds_that_a_value_broke) {
  auto e = invalid({{"/title", "too_short", "x", {.min = 15}},
                    {"/days", "range", "y", {.min = 1, .max = 90}},
                    {"/at", "format", "z"}});
  auto r = problem(e, {});
  auto told = body_of(r)["errors"].as_array();
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(json::to_text(told[0].at("params")), R"({"min":15})");
  EXPECT_EQ(json::to_text(told[1].at("params")), R"({"min":1,"max":90})");
  EXPECT_FALSE(told[2].as_object().contains("params"));

  auto back = read_problem(r);
  ASSERT_EQ(back.violations.size(), 3u);
  EXPECT_EQ(back.violations[0].broken, e.violations[0].broken);
  EXPECT_EQ(back.violations[1].broken, e.violations[1].broken);
}

TEST(problem, an_answer_that_is_none_still_reads) {
  response r{.status = 507, .headers = {}, .body = "<html>", .failure = {}};
  EXPECT_EQ(read_problem(r).kind, errc::bad_upstream);
  r.status = 418;
  EXPECT_EQ(read_problem(r).kind, errc::bad_request);
}

struct note {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(note, (), (text))

TEST(body, must_be_said_to_be_json) {
  request r;
  r.body = R"({"text":"hi"})";
  EXPECT_EQ(read_body<note>(r).error().code, "unsupported_media_type");
  r.headers.set("Content-Type", "text/plain");
  EXPECT_EQ(read_body<note>(r).error().kind, errc::unsupported);
  r.headers.set("Content-Type", "Application/JSON; charset=utf-8");
  EXPECT_EQ(read_body<note>(r)->text, "hi");
  r.body = "{";
  EXPECT_EQ(read_body<note>(r).error().code, "malformed_json");
}

TEST(json_responses, are_written_from_structs) {
  auto r = json_response(201, note{"hi"});
  EXPECT_EQ(r.status, 201);
  EXPECT_EQ(r.body, R"({"text":"hi"})");
  EXPECT_EQ(r.headers.get("content-type"), "application/json");
}

TEST(problem, says_when_to_come_again_to_what_is_away) {
  context ctx;
  auto r = problem({errc::unavailable, "database_unavailable", "The database is away."}, ctx);
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(r.headers.get("Retry-After"), "1");
  EXPECT_FALSE(problem({errc::timeout, "late", "Too late."}, ctx).headers.has("Retry-After"));
}

}  // namespace
}  // namespace oficio::http
