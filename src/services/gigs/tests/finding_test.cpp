#include "gigs_fixture.hpp"

namespace oficio::gigs {
namespace {

using http::method;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class gigs_finding : public gigs_fixture {
 protected:
  std::string offer_in(const std::string& category, const std::string& subcategory,
                       const std::string& title, json::array tags = {"tag"}) {
    auto body = draft(title);
    body["category"] = category;
    body["subcategory"] = subcategory;
    body["tags"] = std::move(tags);
    return offer(ana_, std::move(body));
  }

  // "kind: text" of each suggestion.
  std::vector<std::string> suggested(const std::string& query) {
    auto got = get("/gigs/suggest?" + query);
    EXPECT_EQ(got.status, 200) << query;
    std::vector<std::string> out;
    for (const auto& item : got.body.at("items").as_array()) {
      out.push_back(std::string(item.at("kind").as_string()) + ": " +
                    std::string(item.at("text").as_string()));
    }
    return out;
  }
};

TEST_F(gigs_finding, a_place_in_the_other_language_finds_gigs) {
  auto logo = offer_in("design", "logo-design", "I will draw your new symbol");
  auto web = offer_in("programming", "web-development", "I will build your new pages");
  EXPECT_THAT(get("/gigs/search?q=logotipos").ids(), ElementsAre(logo));
  EXPECT_THAT(get("/gigs/search?q=website").ids(), ElementsAre(web));
  EXPECT_THAT(get("/gigs/search?q=p%C3%A1gina%20web%20").ids(), ElementsAre(web));
}

TEST_F(gigs_finding, misspelt_words_are_told) {
  auto id = offer_in("writing", "translation", "Traducción jurada al inglés");
  auto found = get("/gigs/search?q=tradusion%20ingles");
  EXPECT_THAT(found.ids(), ElementsAre(id));
  EXPECT_EQ(found.body.at("correction").as_string(), "traducción ingles");
  EXPECT_TRUE(get("/gigs/search?q=traduccion").body.at("correction").is_null());
  EXPECT_TRUE(get("/gigs/search").body.at("correction").is_null());
  // What nothing is found for is corrected all the same.
  auto none = get("/gigs/search?q=tradusion&max_price=600");
  EXPECT_THAT(none.ids(), IsEmpty());
  EXPECT_EQ(none.body.at("correction").as_string(), "traducción");
}

TEST_F(gigs_finding, suggests_places_tags_and_titles) {
  offer_in("design", "logo-design", "Logos for small bakeries", {"logo design", "logo animation"});
  offer_in("design", "illustration", "Drawings of your logo", {"logo animation"});
  EXPECT_THAT(suggested("q=logo"),
              ElementsAre("subcategory: Logo Design", "tag: logo animation",
                          "title: Logos for small bakeries", "title: Drawings of your logo"));
  EXPECT_THAT(suggested("q=logo&limit=2"), SizeIs(2));
  EXPECT_THAT(suggested("q=Dise%C3%B1o%20de%20l"), ElementsAre("subcategory: Diseño de logotipos"));
  EXPECT_THAT(suggested("q=bakeries%20log"), ElementsAre("title: Logos for small bakeries"));
  auto place = get("/gigs/suggest?q=logo").body.at("items").as_array().at(0);
  EXPECT_EQ(place.at("category").as_string(), "design");
  EXPECT_EQ(place.at("subcategory").as_string(), "logo-design");
}

TEST_F(gigs_finding, suggestions_are_corrected) {
  offer_in("design", "logo-design", "Logos for small bakeries", {"bakery"});
  auto got = get("/gigs/suggest?q=bakerise");
  EXPECT_EQ(got.body.at("correction").as_string(), "bakeries");
  EXPECT_THAT(suggested("q=bakerise"), Contains("title: Logos for small bakeries"));
  EXPECT_TRUE(get("/gigs/suggest?q=baker").body.at("correction").is_null());
}

TEST_F(gigs_finding, paused_gigs_are_not_suggested) {
  auto id = offer_in("design", "logo-design", "Logos for small bakeries", {"sourdough"});
  call(method::put, "/gigs/" + id + "/active", ana_, json::object{{"active", false}});
  EXPECT_THAT(suggested("q=sourdough"), IsEmpty());
  EXPECT_THAT(suggested("q=bakeries"), IsEmpty());
  EXPECT_THAT(suggested("q="), IsEmpty());
  EXPECT_THAT(suggested("q=%20%2A"), IsEmpty());
}

TEST_F(gigs_finding, similar_gigs) {
  auto a = offer_in("design", "logo-design", "Logos for small bakeries", {"logo", "bakery"});
  auto b = offer_in("design", "logo-design", "Symbols for large factories", {"logo"});
  auto c = offer_in("design", "illustration", "Drawings of every animal", {"animals"});
  auto d = offer_in("music", "jingles", "Short songs for radio ads", {"radio"});
  auto paused = offer_in("design", "logo-design", "Logos for small bakeries", {"logo", "bakery"});
  call(method::put, "/gigs/" + paused + "/active", ana_, json::object{{"active", false}});
  auto like = get("/gigs/" + a + "/similar").ids();
  ASSERT_THAT(like, SizeIs(testing::Ge(2U)));
  EXPECT_EQ(like[0], b);
  EXPECT_EQ(like[1], c);
  EXPECT_THAT(like, Not(Contains(a)));
  EXPECT_THAT(like, Not(Contains(paused)));
  EXPECT_THAT(get("/gigs/" + a + "/similar?limit=1").ids(), ElementsAre(b));
  EXPECT_EQ(get("/gigs/" + paused + "/similar").status, 404);
  EXPECT_EQ(get("/gigs/" + paused + "/similar", ana_).status, 200);
  EXPECT_EQ(get("/gigs/nothing/similar").status, 404);
  EXPECT_EQ(get("/gigs/" + a + "/similar?limit=101").status, 422);
}

TEST_F(gigs_finding, top_gigs) {
  auto plain = offer_in("design", "logo-design", "A gig that nobody has bought");
  auto sold = offer_in("design", "logo-design", "A gig that sells every day");
  auto rated = offer_in("design", "logo-design", "A gig with one good review");
  auto other = offer_in("music", "jingles", "A gig of quite another kind");
  for (int i = 0; i < 6; ++i) {
    json::object order{{"id", "o" + std::to_string(i)}, {"gig_id", sold}};
    ASSERT_TRUE(tell("orders.order.completed", {{"order", order}}, 5).has_value());
  }
  auto value = json::to_value(rating{5, 1, {0, 0, 0, 0, 1}}).as_object();
  value["id"] = rated;
  value["version"] = 1;
  ASSERT_TRUE(tell("reviews.review.published", {{"gig_rating", value}}, 1).has_value());
  EXPECT_THAT(get("/gigs/top?category=design").ids(), ElementsAre(sold, rated, plain));
  EXPECT_THAT(get("/gigs/top").ids(), ElementsAre(sold, rated, other, plain));
  auto first = get("/gigs/top?limit=3");
  EXPECT_THAT(first.ids(), SizeIs(3));
  auto cursor = std::string(first.body.at("next_cursor").as_string());
  EXPECT_THAT(get("/gigs/top?limit=3&cursor=" + cursor).ids(), ElementsAre(plain));
  EXPECT_EQ(get("/gigs/top?category=design&cursor=" + cursor).code(), "bad_cursor");
  EXPECT_THAT(get("/gigs/top?category=cooking").errors(), ElementsAre("?category choice"));
}

TEST_F(gigs_finding, a_lost_index_is_filled_at_the_start) {
  auto a = offer_in("design", "logo-design", "Logos for small bakeries");
  auto b = offer_in("music", "jingles", "Short songs for radio ads");
  auto c = offer_in("music", "jingles", "A song that goes with you");
  EXPECT_EQ(call(method::del, "/gigs/" + c, ana_).status, 204);
  call(method::put, "/gigs/" + b + "/active", ana_, json::object{{"active", false}});
  auto before = get("/gigs/" + a).body;
  start("another.db");
  EXPECT_EQ(get("/gigs/" + a).body, before);
  EXPECT_THAT(get("/gigs/search").ids(), ElementsAre(a));
  EXPECT_THAT(get("/gigs/mine", ana_).ids(), UnorderedElementsAre(a, b));
  EXPECT_EQ(get("/gigs/" + c, ana_).status, 404);
  // Its own events, late, change nothing.
  start("another.db");
  EXPECT_THAT(get("/gigs/search").ids(), ElementsAre(a));
}

TEST_F(gigs_finding, names_where_a_new_gig_is) {
  become_seller(ana_);
  http::request r;
  ASSERT_TRUE(http::parse_target("/gigs", r));
  r.method = method::post;
  r.ctx.who = ana_;
  r.body = json::to_text(json::value(draft()));
  r.headers.set("Content-Type", "application/json");
  auto made = run(service_->routes.handle(r));
  auto id = std::string(json::parse(made.body).value().at("id").as_string());
  EXPECT_EQ(made.headers.get("Location"), "/api/v1/gigs/" + id);
}

}  // namespace
}  // namespace oficio::gigs
