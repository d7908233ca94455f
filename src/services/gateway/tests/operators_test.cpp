#include <gmock/gmock.h>

#include "services/gateway/tests/market.hpp"

namespace oficio::gateway {
namespace {

using test::a_gateway;
using test::headers;

struct an_operator : a_gateway {
  an_operator() {
    for (auto& [name, service] : services) give(name, service.routes);
    give("auth", auth.routes);
  }

  void give(const std::string& name, http::router& to) {
    to.get("/internal/events", [this, name](http::request& r) { return shown(name, r); });
    to.post("/internal/events/{id}/replay",
            [this, name](http::request& r) { return again(name, r); });
  }

  awaitable<result<http::response>> shown(std::string name, http::request& r) {
    auto who = identities.verify(r.headers.get(security::identity_header), name);
    if (!who.has_value() || !who->has_role("gateway") || name == away) {
      co_return error{errc::forbidden, "internal_only", "no"};
    }
    json::array letters;
    for (const auto& [id, died_at] : dead[name]) {
      letters.push_back({{"id", id}, {"queue", name + ".all"}, {"died_at", died_at}});
    }
    co_return http::json_response(200, json::to_text(json::value(json::object{
                                           {"queues", json::array{}}, {"dead_letters", letters}})));
  }

  awaitable<result<http::response>> again(std::string name, http::request& r) {
    replayed.push_back(name + " " + r.param("id") + " " + r.query_param("queue").value_or(""));
    co_return http::no_content();
  }

  headers as(std::vector<std::string> roles) {
    auto now = clock.now();
    return {{"Authorization",
             "Bearer " +
                 auth.keys.sign({.who = {.sub = "a", .username = "a", .roles = roles, .sid = "s"},
                                 .issued_at = now,
                                 .expires_at = now + std::chrono::minutes(15)})}};
  }

  std::map<std::string, std::vector<std::pair<std::string, std::string>>> dead;
  std::vector<std::string> replayed;
  std::string away;
};

TEST_F(an_operator, sees_the_dead_events_of_all_services_page_by_page) {
  open();
  dead["chat"] = {{"e1", "2026-01-01T00:00:01.000Z"}, {"e3", "2026-01-01T00:00:03.000Z"}};
  dead["orders"] = {{"e2", "2026-01-01T00:00:02.000Z"}};
  auto first = json::parse(get("/api/v1/ops/events?limit=2", as({"operator"})).body).value();
  ASSERT_EQ(first.at("items").as_array().size(), 2u);
  EXPECT_EQ(first.at("items").at(0).at("id"), "e3");
  EXPECT_EQ(first.at("items").at(1).at("id"), "e2");
  std::string cursor(first.at("next_cursor").as_string());
  auto rest = json::parse(get("/api/v1/ops/events?limit=2&cursor=" + cursor, as({"operator"})).body)
                  .value();
  ASSERT_EQ(rest.at("items").as_array().size(), 1u);
  EXPECT_EQ(rest.at("items").at(0).at("queue"), "chat.all");
  EXPECT_TRUE(rest.at("next_cursor").is_null());
  EXPECT_EQ(code_of(get("/api/v1/ops/events?cursor=x", as({"operator"}))), "bad_cursor");
  EXPECT_EQ(get("/api/v1/ops/events?limit=0", as({"operator"})).status, 422);
  away = "users";
  auto r = get("/api/v1/ops/events", as({"operator"}));
  EXPECT_EQ(r.status, 503);
  EXPECT_THAT(r.body, testing::HasSubstr("users"));
}

TEST_F(an_operator, has_an_event_handled_again_wherever_it_died) {
  open();
  dead["chat"] = {{"e1", "2026-01-01T00:00:01.000Z"}};
  dead["orders"] = {{"e1", "2026-01-01T00:00:02.000Z"}, {"e2", "2026-01-01T00:00:02.000Z"}};
  EXPECT_EQ(post("/api/v1/ops/events/e1/replay", as({"operator"})).status, 204);
  EXPECT_THAT(replayed, testing::UnorderedElementsAre("chat e1 chat.all", "orders e1 orders.all"));
  EXPECT_EQ(post("/api/v1/ops/events/e9/replay", as({"operator"})).status, 404);
}

TEST_F(an_operator, is_nobody_else) {
  open();
  EXPECT_EQ(get("/api/v1/ops/events").status, 401);
  EXPECT_EQ(get("/api/v1/ops/events", as({"user"})).status, 403);
  EXPECT_EQ(post("/api/v1/ops/events/e1/replay", as({"user"})).status, 403);
  EXPECT_EQ(post("/api/v1/ops/events/e1/replay").status, 401);
  EXPECT_TRUE(replayed.empty());
}

}  // namespace
}  // namespace oficio::gateway
