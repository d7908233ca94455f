#include "market.hpp"

namespace oficio::gateway {
namespace {

// Each service tells of a queue of its own; notifications has an event that it could not handle.
class ops_events : public test::a_gateway {
 protected:
  ops_events() {
    for (auto name : {"auth", "users", "notifications"}) {
      auto& routes = std::string(name) == "auth" ? auth.routes : services[name].routes;
      routes.get("/internal/events",
                 [this, name = std::string(name)](http::request& r) { return tell(name, r); });
      routes.post("/internal/events/{id}/replay", [this](http::request& r) { return replay(r); });
    }
    for (auto name : {"gigs", "chat", "orders", "reviews"}) services[name].status = 503;
    open();
  }

  awaitable<result<http::response>> tell(std::string name, http::request& r) {
    asked_by = identities.verify(r.headers.get(security::identity_header), name).value();
    json::object letter{{"id", "e1"},
                        {"queue", name + ".news"},
                        {"type", "a.b.c"},
                        {"subject", "s"},
                        {"reason", "mail_unavailable: away"},
                        {"attempts", 7},
                        {"died_at", "2026-01-31T09:30:00.000Z"}};
    // A service of an earlier version does not tell it.
    if (name != "auth") letter["trace_id"] = std::string(32, 'a');
    json::object out{{"queues", {{{"name", name + ".news"}, {"waiting", 2}, {"dead", 1}}}},
                     {"dead_letters", json::array{}}};
    if (name != "users") out["dead_letters"].as_array().push_back(letter);
    co_return http::json_response(200, json::to_text(json::value(std::move(out))));
  }
  awaitable<result<http::response>> replay(http::request& r) {
    replayed.push_back(r.target);
    co_return http::no_content();
  }

  test::headers as(const std::string& role) {
    auto token = auth.keys.sign(
        {.who = {.sub = "account-2", .username = "op", .roles = {"user", role}, .sid = "s-2"},
         .issued_at = clock.now(),
         .expires_at = clock.now() + std::chrono::minutes(5)});
    return {{"Authorization", "Bearer " + token}};
  }

  identity asked_by;
  std::vector<std::string> replayed;
};

TEST_F(ops_events, are_for_operators) {
  EXPECT_EQ(code_of(get("/api/v1/ops/events")), "not_signed_in");
  EXPECT_EQ(code_of(get("/api/v1/ops/events", as("user"))), "operators_only");
  EXPECT_EQ(post("/api/v1/ops/events/e1/replay").status, 401);
  EXPECT_EQ(post("/api/v1/ops/events/e1/replay", as("user")).status, 403);
  EXPECT_TRUE(replayed.empty());
}

TEST_F(ops_events, gather_what_all_services_say) {
  auto got = get("/api/v1/ops/events", as("operator"));
  ASSERT_EQ(got.status, 200);
  auto all = json::parse(got.body).value();
  EXPECT_EQ(all.at("queues").as_array().size(), 3U);
  ASSERT_EQ(all.at("items").as_array().size(), 2U);
  EXPECT_EQ(all.at("items").as_array()[0].at("reason"), "mail_unavailable: away");
  EXPECT_EQ(all.at("items").as_array()[0].at("trace_id"), json::value(std::string(32, 'a')));
  EXPECT_TRUE(all.at("items").as_array()[1].at("trace_id").is_null());
  EXPECT_EQ(all.at("away"), (json::value{"chat", "gigs", "orders", "reviews"}));
  EXPECT_TRUE(all.at("next_cursor").is_null());
  EXPECT_TRUE(asked_by.has_role("gateway"));
  EXPECT_EQ(get("/api/v1/ops/events?limit=0", as("operator")).status, 422);
}

TEST_F(ops_events, come_page_by_page) {
  auto read = [this](const std::string& query) {
    return json::parse(get("/api/v1/ops/events?limit=1" + query, as("operator")).body).value();
  };
  auto first = read("");
  ASSERT_EQ(first.at("items").as_array().size(), 1U);
  auto cursor = "&cursor=" + std::string(first.at("next_cursor").as_string());
  auto second = read(cursor);
  ASSERT_EQ(second.at("items").as_array().size(), 1U);
  EXPECT_NE(first.at("items").at(0).at("queue"), second.at("items").at(0).at("queue"));
  EXPECT_TRUE(second.at("next_cursor").is_null());
  EXPECT_EQ(code_of(get("/api/v1/ops/events?cursor=x", as("operator"))), "bad_cursor");
}

TEST_F(ops_events, go_to_their_queues_again) {
  auto path = std::string("/api/v1/ops/events/e1/replay");
  EXPECT_EQ(post(path + "?queue=notifications.news", as("operator")).status, 204);
  EXPECT_EQ(replayed,
            std::vector<std::string>{"/internal/events/e1/replay?queue=notifications.news"});
  EXPECT_EQ(post(path, as("operator")).status, 204);
  EXPECT_EQ(replayed.size(), 3U);
  EXPECT_EQ(post(path + "?queue=users.news", as("operator")).status, 404);
  EXPECT_EQ(post("/api/v1/ops/events/e2/replay", as("operator")).status, 404);
  EXPECT_EQ(replayed.size(), 3U);
}

}  // namespace
}  // namespace oficio::gateway
