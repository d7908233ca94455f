#include "gigs_fixture.hpp"

namespace oficio::gigs {
namespace {

using http::method;
using testing::ElementsAre;
using testing::IsEmpty;

using gigs_reading = gigs_fixture;

TEST_F(gigs_reading, shows_several_in_the_order_asked_for) {
  auto a = offer(ana_);
  auto b = offer(ana_);
  EXPECT_THAT(get("/gigs?ids=" + b + ",nothing," + a).ids(), ElementsAre(b, a));
  EXPECT_TRUE(get("/gigs?ids=" + b).body.at("next_cursor").is_null());
  auto refused = get("/gigs");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.errors(), ElementsAre("?ids required"));
  std::string many = "x";
  for (int i = 0; i < 50; ++i) many += ",x";
  EXPECT_EQ(get("/gigs?ids=" + many).status, 422);
  EXPECT_EQ(get("/gigs?ids=a&colour=red").status, 422);
}

TEST_F(gigs_reading, a_seller_lists_all_of_theirs) {
  auto a = offer(ana_);
  auto b = offer(ana_);
  offer(bob_);
  call(method::put, "/gigs/" + a + "/active", ana_, json::object{{"active", false}});
  EXPECT_THAT(get("/gigs/mine", ana_).ids(), ElementsAre(b, a));
  EXPECT_THAT(get("/gigs/mine?active=false", ana_).ids(), ElementsAre(a));
  EXPECT_THAT(get("/gigs/mine?active=true", ana_).ids(), ElementsAre(b));
  EXPECT_EQ(get("/gigs/mine?active=perhaps", ana_).status, 422);
  EXPECT_EQ(get("/gigs/mine").status, 401);
}

TEST_F(gigs_reading, everybody_lists_a_sellers_active_ones) {
  auto a = offer(ana_);
  auto b = offer(ana_);
  offer(bob_);
  call(method::put, "/gigs/" + a + "/active", ana_, json::object{{"active", false}});
  EXPECT_THAT(get("/sellers/ana/gigs").ids(), ElementsAre(b));
  EXPECT_THAT(get("/sellers/nobody/gigs").ids(), IsEmpty());
}

TEST_F(gigs_reading, lists_go_on_with_a_cursor_that_is_good_for_them_alone) {
  std::vector<std::string> all;
  for (int i = 0; i < 5; ++i) all.insert(all.begin(), offer(ana_));
  auto first = get("/gigs/mine?limit=2", ana_);
  EXPECT_THAT(first.ids(), ElementsAre(all[0], all[1]));
  auto cursor = std::string(first.body.at("next_cursor").as_string());
  auto second = get("/gigs/mine?limit=3&cursor=" + cursor, ana_);
  EXPECT_THAT(second.ids(), ElementsAre(all[2], all[3], all[4]));
  EXPECT_TRUE(second.body.at("next_cursor").is_null());
  for (const auto& other :
       {"/gigs/mine?active=true&cursor=", "/gigs/search?cursor=", "/sellers/ana/gigs?cursor="}) {
    auto refused = get(other + cursor, ana_);
    EXPECT_EQ(refused.status, 400) << other;
    EXPECT_EQ(refused.code(), "bad_cursor");
  }
  EXPECT_EQ(get("/gigs/mine?cursor=" + cursor, bob_).code(), "bad_cursor");
  EXPECT_EQ(get("/gigs/mine?cursor=forged", ana_).code(), "bad_cursor");
}

TEST_F(gigs_reading, shows_the_catalogue) {
  auto shown = get("/categories");
  EXPECT_EQ(shown.status, 200);
  auto first = shown.body.at("items").as_array().at(0);
  EXPECT_EQ(first.at("id").as_string(), "design");
  EXPECT_EQ(first.at("name").at("es").as_string(), "Diseño gráfico");
  EXPECT_EQ(first.at("subcategories").as_array().at(0).at("id").as_string(), "logo-design");
  EXPECT_EQ(shown.body.at("currency").as_string(), "USD");
}

TEST_F(gigs_reading, is_ready_when_both_databases_are) {
  for (auto& check : service_->checks) {
    context ctx;
    EXPECT_TRUE(run(check.run(ctx)).has_value()) << check.name;
  }
  EXPECT_EQ(service_->name, "gigs");
}

}  // namespace
}  // namespace oficio::gigs
