#include "gigs_fixture.hpp"

namespace oficio::gigs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class gigs_search : public gigs_fixture {
 protected:
  std::string offer_at(const identity& who, const std::string& title, std::int64_t price, int days,
                       json::array tags = {"tag"}) {
    auto body = draft(title);
    auto& package = body["packages"].as_array()[0].as_object();
    package["price"] = {{"amount", price}, {"currency", "USD"}};
    package["delivery_days"] = days;
    body["tags"] = std::move(tags);
    return offer(who, std::move(body));
  }

  std::vector<std::string> ids(const std::string& query) {
    auto found = get("/gigs/search?" + query);
    EXPECT_EQ(found.status, 200) << query << json::to_text(found.body);
    if (found.status != 200) return {};
    EXPECT_EQ(found.body.at("total"), static_cast<std::int64_t>(found.ids().size())) << query;
    return found.ids();
  }

  static std::vector<std::string> buckets(const answer& a, const std::string& facet) {
    std::vector<std::string> out;
    for (const auto& b : a.body.at("facets").at(facet).as_array()) {
      auto* value = b.as_object().if_contains("value");
      auto name = value ? std::string(value->as_string())
                        : json::to_text(b.at("from")) + ".." + json::to_text(b.at("to"));
      out.push_back(name + "=" + json::to_text(b.at("count")));
    }
    return out;
  }
};

TEST_F(gigs_search, finds_words_in_title_tags_and_description) {
  auto a = offer_at(ana_, "Un logotipo para tu panadería", 1'000, 1, {"vector art"});
  auto b = offer_at(ana_, "Ilustraciones de panaderos", 1'000, 1);
  EXPECT_THAT(ids("q=panaderia"), ElementsAre(a));
  EXPECT_THAT(ids("q=panader"), UnorderedElementsAre(a, b));
  EXPECT_THAT(ids("q=vector"), ElementsAre(a));
  EXPECT_THAT(ids("q=ddd"), UnorderedElementsAre(a, b));
  EXPECT_THAT(ids("q=%22%29+OR+%28*"), IsEmpty());
}

TEST_F(gigs_search, filters) {
  auto a = offer_at(ana_, "The first of these gigs", 1'000, 2, {"red", "big"});
  auto b = offer_at(ana_, "The second of these gigs", 5'000, 7, {"red"});
  become_seller(bob_);
  become_seller(bob_, 2,
                {{"country", "PT"}, {"languages", json::array{json::object{{"code", "pt"}}}}});
  auto c = call(http::method::post, "/gigs", bob_, draft("The third of all these gigs")).id();
  EXPECT_THAT(ids("max_price=1000"), ElementsAre(a));
  EXPECT_THAT(ids("min_price=1001&max_price=5000&seller=ana"), ElementsAre(b));
  EXPECT_THAT(ids("delivery_days=2"), ElementsAre(a));
  EXPECT_THAT(ids("tags=red"), ElementsAre(b, a));
  EXPECT_THAT(ids("tags=Red,BIG"), ElementsAre(a));
  EXPECT_THAT(ids("country=PT"), ElementsAre(c));
  EXPECT_THAT(ids("language=es"), ElementsAre(b, a));
  EXPECT_THAT(ids("seller=bob"), ElementsAre(c));
  EXPECT_THAT(ids("category=design&subcategory=logo-design").size(), 3U);
  EXPECT_THAT(ids("category=video"), IsEmpty());
  EXPECT_THAT(ids("min_rating=0.5"), IsEmpty());
}

TEST_F(gigs_search, sorts) {
  auto a = offer_at(ana_, "The first of these gigs", 2'000, 1);
  auto b = offer_at(ana_, "The second of these gigs", 1'000, 1);
  auto c = offer_at(ana_, "The third of all these gigs", 3'000, 1);
  auto rated = [&](const std::string& id, double stars) {
    rating r{stars, 1, {0, 0, 0, 1, 0}};
    auto value = json::to_value(r).as_object();
    value["id"] = id;
    value["version"] = 1;
    ASSERT_TRUE(tell("reviews.review.published", {{"gig_rating", value}}, 1).has_value());
  };
  rated(a, 4.6);
  rated(c, 4.4);
  ASSERT_TRUE(
      tell("orders.order.completed", {{"order", {{"id", "o"}, {"gig_id", c}}}}, 5).has_value());
  EXPECT_THAT(ids("sort=newest"), ElementsAre(c, b, a));
  EXPECT_THAT(ids("sort=relevance"), ElementsAre(c, b, a));
  EXPECT_THAT(ids("sort=price_asc"), ElementsAre(b, a, c));
  EXPECT_THAT(ids("sort=price_desc"), ElementsAre(c, a, b));
  EXPECT_THAT(ids("sort=rating"), ElementsAre(a, c, b));
  EXPECT_THAT(ids("sort=best_selling"), ElementsAre(c, b, a));
  EXPECT_THAT(ids("min_rating=4.5"), ElementsAre(a));
  EXPECT_THAT(ids("q=gigs&sort=price_asc"), ElementsAre(b, a, c));
}

TEST_F(gigs_search, counts_facets) {
  offer_at(ana_, "The first of these gigs", 1'000, 2);
  offer_at(ana_, "The second of these gigs", 30'000, 7);
  auto found = get("/gigs/search?max_price=2000");
  EXPECT_THAT(buckets(found, "category"), ElementsAre("design=1"));
  EXPECT_THAT(buckets(found, "price"),
              ElementsAre("0..2500=1", "2500..5000=0", "5000..10000=0", "10000..25000=0",
                          "25000..50000=1", "50000..null=0"));
  EXPECT_THAT(buckets(found, "delivery_days"),
              ElementsAre("1..2=0", "2..4=1", "4..8=0", "8..15=0", "15..null=0"));
  EXPECT_THAT(buckets(found, "country"), ElementsAre("ES=1"));
  EXPECT_THAT(buckets(found, "language"), ElementsAre("es=1"));
  EXPECT_EQ(found.body.at("facets").at("rating").as_array().size(), 5U);
}

TEST_F(gigs_search, pages) {
  std::vector<std::string> all;
  for (int i = 0; i < 5; ++i) {
    all.insert(all.begin(), offer_at(ana_, "The same title for all of them", 1'000, 1));
  }
  std::vector<std::string> seen;
  std::string cursor;
  do {
    auto page = get("/gigs/search?q=title&sort=price_asc&limit=2" + cursor);
    ASSERT_EQ(page.status, 200);
    EXPECT_EQ(page.body.at("total"), 5);
    for (auto& id : page.ids()) seen.push_back(id);
    auto next = page.body.at("next_cursor");
    cursor = next.is_null() ? "" : "&cursor=" + std::string(next.as_string());
  } while (!cursor.empty());
  EXPECT_EQ(seen, all);
  auto first = get("/gigs/search?q=title&limit=2");
  auto token = std::string(first.body.at("next_cursor").as_string());
  EXPECT_EQ(get("/gigs/search?q=other&limit=2&cursor=" + token).code(), "bad_cursor");
}

TEST_F(gigs_search, tells_wrong_parameters) {
  auto refused = get("/gigs/search?sort=best&min_price=-1&min_rating=6&limit=101&colour=red");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.errors(),
              UnorderedElementsAre("?sort choice", "?min_price range", "?min_rating range",
                                   "?limit range", "?colour unknown"));
  EXPECT_EQ(get("/gigs/search?q=" + std::string(201, 'q')).status, 422);
}

}  // namespace
}  // namespace oficio::gigs
