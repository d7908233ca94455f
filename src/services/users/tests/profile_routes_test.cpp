#include "town.hpp"

namespace oficio::users {
namespace {

using http::method;

TEST_F(town, asks_visitors_to_sign_in) {
  for (auto [m, path] :
       std::vector<std::pair<method, std::string>>{{method::get, "/users/me"},
                                                   {method::patch, "/users/me"},
                                                   {method::get, "/users/me/favorites"},
                                                   {method::get, "/users/me/activity"},
                                                   {method::post, "/users/me/activity/read"},
                                                   {method::post, "/sellers"},
                                                   {method::get, "/sellers/me"},
                                                   {method::patch, "/sellers/me"}}) {
    EXPECT_EQ(ask(m, path, {}).status, 401) << path;
  }
}

TEST_F(town, makes_a_missing_profile_from_the_identity_and_completes_it_later) {
  auto ana = somebody("Ana", false);
  auto me = get("/users/me", ana);
  ASSERT_EQ(me.status, 200);
  EXPECT_EQ(me.body.at("username"), "Ana");
  EXPECT_EQ(me.body.at("email"), "");
  EXPECT_EQ(me.body.at("country"), "ES");
  EXPECT_EQ(me.headers.get("ETag"), "\"1\"");
  EXPECT_TRUE(raised("users.profile.updated").empty());
  ASSERT_TRUE(tell_account(ana, 1, "ana@example.com"));
  EXPECT_EQ(get("/users/me", ana).body.at("email"), "ana@example.com");
  auto told = raised("users.profile.updated");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].subject, ana.sub);
  EXPECT_EQ(told[0].data.at("profile").at("created_at"), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(told[0].data.at("concerns"), (json::value{ana.sub}));
}

TEST_F(town, edits_a_profile_and_tells_of_it) {
  auto ana = somebody("ana");
  auto before = raised("users.profile.updated").size();
  auto edited = ask(method::patch, "/users/me", ana,
                    R"({"locale": "es", "country": "PT", "notifications": {"message": ["email"]}})",
                    {{"If-Match", "\"1\""}});
  ASSERT_EQ(edited.status, 200);
  EXPECT_EQ(edited.body.at("locale"), "es");
  EXPECT_EQ(edited.body.at("country"), "PT");
  EXPECT_EQ(edited.body.at("revision"), 2);
  EXPECT_EQ(json::to_text(edited.body.at("notifications")),
            R"({"order":["email","live"],"offer":["email","live"],)"
            R"("review":["email","live"],"message":["email"],"gig":["live"]})");
  EXPECT_EQ(raised("users.profile.updated").size(), before + 1);
  // What concerns nobody else is told to nobody.
  ASSERT_EQ(ask(method::patch, "/users/me", ana, R"({"notifications": {"order": []}})").status,
            200);
  EXPECT_EQ(raised("users.profile.updated").size(), before + 1);
}

TEST_F(town, refuses_edits_of_older_revisions_and_bad_ones) {
  auto ana = somebody("ana");
  ASSERT_EQ(ask(method::patch, "/users/me", ana, R"({"locale": "es"})").status, 200);
  auto stale = ask(method::patch, "/users/me", ana, R"({"locale": "en"})", {{"If-Match", "\"1\""}});
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.code(), "stale_revision");
  EXPECT_EQ(ask(method::patch, "/users/me", ana, "{}", {{"If-Match", "x"}}).status, 400);
  auto bad = ask(method::patch, "/users/me", ana, R"({"locale": "fr", "country": "Spain"})");
  EXPECT_EQ(bad.status, 422);
  EXPECT_EQ(bad.pointers(), (std::vector<std::string>{"/country", "/locale"}));
  EXPECT_EQ(get("/users/me", ana).body.at("locale"), "es");
}

TEST_F(town, shows_everybody_a_public_profile) {
  auto ana = somebody("Ana");
  auto shown = get("/users/aNA");
  ASSERT_EQ(shown.status, 200);
  EXPECT_EQ(json::to_text(shown.body),
            R"({"id":")" + ana.sub +
                R"(","username":"Ana","avatar":null,"country":"ES",)"
                R"("created_at":"2026-01-02T03:04:05.678Z","is_seller":false})");
  EXPECT_EQ(get("/users/nobody").status, 404);
}

TEST_F(town, never_shows_an_old_card_after_a_change) {
  auto ana = somebody("ana");
  EXPECT_EQ(get("/users/ana").body.at("country"), "ES");
  int hits = cache_.hits;
  EXPECT_EQ(get("/users/ana").body.at("country"), "ES");
  EXPECT_GT(cache_.hits, hits);
  ASSERT_EQ(ask(method::patch, "/users/me", ana, R"({"country": "PT"})").status, 200);
  EXPECT_EQ(get("/users/ana").body.at("country"), "PT");
  ASSERT_EQ(ask(method::post, "/sellers", ana, seller_form).status, 201);
  EXPECT_EQ(get("/users/ana").body.at("is_seller"), true);
}

TEST_F(town, needs_no_cache) {
  auto ana = seller("ana");
  cache_.broken = true;
  EXPECT_EQ(get("/users/ana").status, 200);
  EXPECT_EQ(get("/sellers/ana").status, 200);
  EXPECT_EQ(ask(method::patch, "/users/me", ana, R"({"country": "PT"})").status, 200);
  EXPECT_EQ(get("/users/ana").body.at("country"), "PT");
}

TEST_F(town, shows_no_old_card_for_long_when_the_cache_was_away_at_the_change) {
  auto ana = seller("ana");
  EXPECT_EQ(get("/users/ana").body.at("country"), "ES");
  EXPECT_EQ(get("/sellers/ana").status, 200);
  cache_.broken = true;
  ASSERT_EQ(ask(method::patch, "/users/me", ana, R"({"country": "PT"})").status, 200);
  json::object changed{{"profile", {{"id", ana.sub}}}};
  EXPECT_FALSE(tell("users.profile.updated", changed).has_value());
  cache_.broken = false;
  EXPECT_EQ(get("/users/ana").body.at("country"), "ES");
  ASSERT_TRUE(tell_again().has_value());
  EXPECT_EQ(get("/users/ana").body.at("country"), "PT");
  cache_.broken = true;
  ASSERT_EQ(ask(method::patch, "/sellers/me", ana, R"({"headline": "New signs and logos"})").status,
            200);
  EXPECT_FALSE(tell("users.seller.updated", {{"seller", {{"id", ana.sub}}}}).has_value());
  clock_.advance(2min);
  EXPECT_TRUE(tell_again().has_value());
}

TEST_F(town, knows_at_once_that_somebody_is_not_there) {
  auto old = somebody("old");
  clock_.advance(11s);
  auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(get("/users/nobody").status, 404);
  EXPECT_EQ(get("/users/nobody", old).status, 404);
  EXPECT_EQ(get("/sellers/nobody").status, 404);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 900ms);
}

TEST_F(town, shows_people_themselves_before_auth_has_told_of_them) {
  auto ana = somebody("Ana", false);
  EXPECT_EQ(get("/users/ana", ana).body.at("username"), "Ana");
}

TEST_F(town, waits_for_news_of_people_as_new_as_the_one_who_asks) {
  auto ana = somebody("ana");
  auto bob = somebody("bob", false);
  auto asked = asio::co_spawn(
      asio::make_strand(io_),
      [](hosting::service& s, identity who) -> awaitable<int> {
        http::request r;
        http::parse_target("/users/bob", r);
        r.ctx.who = std::move(who);
        co_return (co_await s.routes.handle(r)).status;
      }(service_, ana),
      asio::use_future);
  ASSERT_TRUE(tell_account(bob, 1, "bob@example.com"));
  EXPECT_EQ(asked.get(), 200);
  EXPECT_EQ(get("/users/nobody", ana).status, 404);  // but not for ever
}

}  // namespace
}  // namespace oficio::users
