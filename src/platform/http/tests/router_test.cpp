#include "platform/http/router.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

namespace oficio::http {
namespace {

namespace asio = boost::asio;

response asked(const router& routes, method m, std::string_view target) {
  request r;
  r.method = m;
  r.ctx.request_id = "r-1";
  EXPECT_TRUE(parse_target(target, r));
  asio::io_context io;
  auto done = asio::co_spawn(io, routes.handle(r), asio::use_future);
  io.run();
  return done.get();
}

awaitable<result<response>> say(std::string text) {
  response r;
  r.body = std::move(text);
  co_return r;
}

handler named(std::string name) {
  return [name](request& r) {
    std::string text = name;
    for (const auto& [key, value] : r.params) text += " " + key + "=" + value;
    return say(text);
  };
}

router table() {
  router r;
  r.get("/", named("root"))
      .get("/gigs/{id}", named("gig"))
      .patch("/gigs/{gig}", named("edit"))
      .get("/gigs/search", named("search"))
      .get("/gigs/{id}/similar", named("similar"))
      .get("/gigs/search/{what}/deep", named("deep"))
      .post("/gigs", named("create"));
  return r;
}

TEST(router, matches_literals_before_parameters) {
  auto r = table();
  EXPECT_EQ(asked(r, method::get, "/").body, "root");
  EXPECT_EQ(asked(r, method::get, "/gigs/search").body, "search");
  EXPECT_EQ(asked(r, method::get, "/gigs/7").body, "gig id=7");
  EXPECT_EQ(asked(r, method::patch, "/gigs/7").body, "edit gig=7");
  EXPECT_EQ(asked(r, method::get, "/gigs/a%2Fb/similar").body, "similar id=a/b");
}

TEST(router, goes_back_to_a_parameter_when_the_literal_leads_nowhere) {
  EXPECT_EQ(asked(table(), method::get, "/gigs/search/similar").body, "similar id=search");
}

TEST(router, tells_unknown_paths_from_wrong_methods) {
  auto r = table();
  EXPECT_EQ(asked(r, method::get, "/none").status, 404);
  EXPECT_EQ(asked(r, method::get, "/gigs/7/similar/8").status, 404);
  auto wrong = asked(r, method::del, "/gigs/7");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.get("Allow"), "GET, HEAD, PATCH, OPTIONS");
  EXPECT_NE(wrong.body.find("method_not_allowed"), std::string::npos);
}

TEST(router, answers_head_by_get_and_options_by_the_table) {
  auto r = table();
  EXPECT_EQ(asked(r, method::head, "/gigs/7").body, "gig id=7");
  EXPECT_EQ(asked(r, method::head, "/gigs").status, 405);
  auto options = asked(r, method::options, "/gigs");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.get("Allow"), "POST, OPTIONS");
}

TEST(router, refuses_two_handlers_for_one_place) {
  auto r = table();
  EXPECT_THROW(r.get("/gigs/{other}", named("x")), std::logic_error);
  EXPECT_THROW(r.get("gigs", named("x")), std::logic_error);
}

awaitable<result<response>> fail() {
  co_return error{errc::conflict, "gig_changed", "It changed."};
}
awaitable<result<response>> burst() {
  throw std::runtime_error("secret of db7");
  co_return response{};
}

TEST(router, turns_errors_and_exceptions_into_problems) {
  router r;
  r.get("/fails", [](request&) { return fail(); });
  r.get("/bursts", [](request&) { return burst(); });
  r.get("/bursts/at/once", [](request&) -> awaitable<result<response>> {
    throw std::runtime_error("before any coroutine");
  });
  EXPECT_EQ(asked(r, method::get, "/fails").status, 409);
  auto broken = asked(r, method::get, "/bursts");
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.body.find("db7"), std::string::npos);
  EXPECT_NE(broken.body.find("\"r-1\""), std::string::npos);
  EXPECT_NE(broken.failure.find("db7"), std::string::npos);
  EXPECT_EQ(asked(r, method::get, "/bursts/at/once").status, 500);
}

awaitable<result<response>> mark(std::string by, request& r, const handler& next) {
  CO_TRY(auto answer, co_await next(r));
  answer.body = by + "(" + answer.body + ")";
  co_return answer;
}

TEST(router, wraps_handlers_in_middleware_the_first_outermost) {
  auto r = table();
  r.use([](request& q, const handler& next) { return mark("a", q, next); });
  r.use([](request& q, const handler& next) { return mark("b", q, next); });
  EXPECT_EQ(asked(r, method::get, "/").body, "a(b(root))");
}

TEST(router, hands_what_no_route_matches_to_otherwise) {
  auto r = table();
  r.otherwise(named("else"));
  EXPECT_EQ(asked(r, method::del, "/none/at/all").body, "else");
  EXPECT_EQ(asked(r, method::get, "/gigs/7").body, "gig id=7");
}

TEST(router, lists_its_routes) {
  router r;
  r.get("/a", named("a")).del("/a/{id}", named("b"));
  ASSERT_EQ(r.routes().size(), 2u);
  EXPECT_EQ(r.routes()[1], std::pair(method::del, std::string("/a/{id}")));
}

}  // namespace
}  // namespace oficio::http
