#include "fixture.hpp"

namespace oficio::reviews {

class listing_test : public reviews_test {
 protected:
  // Reviews with marks 1, 2, 3, 4, 5, published in this order.
  void publish_five() {
    for (int rating = 1; rating <= 5; ++rating) {
      auto id = order();
      give(ana_, id, rating);
      give(bob_, id, 1);
      clock_.advance(1h);
    }
  }

  static std::vector<std::int64_t> ratings(const json::object& page) {
    std::vector<std::int64_t> out;
    for (const auto& r : page.at("items").as_array()) {
      out.push_back(r.as_object().at("rating").as_int64());
    }
    return out;
  }

  using marks = std::vector<std::int64_t>;
};

TEST_F(listing_test, buyers_published_reviews_come_newest_first) {
  publish_five();
  give(ana_, order(), 3);  // hidden
  for (const auto& path : {"/gigs/" + gig_ + "/reviews", std::string("/sellers/bob/reviews")}) {
    auto page = read(get(path));
    EXPECT_EQ(ratings(page), (marks{5, 4, 3, 2, 1})) << path;
    EXPECT_TRUE(page.at("next_cursor").is_null());
  }
  EXPECT_TRUE(ratings(read(get("/gigs/" + uuid_v7(clock_.now()) + "/reviews"))).empty());
}

TEST_F(listing_test, sellers_are_found_by_their_names_without_regard_to_case) {
  publish_five();
  EXPECT_EQ(ratings(read(get("/sellers/BoB/reviews"))), (marks{5, 4, 3, 2, 1}));
  EXPECT_EQ(get("/sellers/ana/reviews").status, 404);  // who only bought is no seller
  EXPECT_EQ(get("/sellers/%27%20OR%201%3D1/reviews").status, 404);
  events::envelope news;
  news.type = "users.seller.created";
  news.data = {{"version", 1}, {"seller", {{"id", ana_}, {"username", "Ana"}}}};
  ASSERT_TRUE(deliver(news).has_value());
  ASSERT_TRUE(deliver(news).has_value());
  EXPECT_TRUE(ratings(read(get("/sellers/ana/reviews"))).empty());
}

TEST_F(listing_test, show_the_pictures_that_both_have_now) {
  publish_five();
  auto profile = [&](const std::string& id, json::value avatar, std::int64_t version) {
    events::envelope news;
    news.type = "users.profile.updated";
    news.data = {{"version", version},
                 {"concerns", {id}},
                 {"profile", {{"id", id}, {"username", "u"}, {"avatar", std::move(avatar)}}}};
    return news;
  };
  auto faces = [&] {
    auto page = read(get("/gigs/" + gig_ + "/reviews?limit=1"));
    const auto& first = page.at("items").at(0);
    return json::array{first.at("from").at("avatar"), first.at("about").at("avatar")};
  };
  EXPECT_EQ(faces(), (json::array{nullptr, nullptr}));
  ASSERT_TRUE(deliver(profile(ana_, "u-1", 2)).has_value());
  ASSERT_TRUE(deliver(profile(bob_, "u-2", 2)).has_value());
  EXPECT_EQ(faces(), (json::array{"u-1", "u-2"}));
  ASSERT_TRUE(deliver(profile(ana_, "u-3", 4)).has_value());
  ASSERT_TRUE(deliver(profile(ana_, "u-0", 3)).has_value());  // late
  ASSERT_TRUE(deliver(profile(bob_, nullptr, 3)).has_value());
  EXPECT_EQ(faces(), (json::array{"u-3", nullptr}));
  EXPECT_EQ(read(give(ana_, order())).at("from").at("avatar"), "u-3");
  EXPECT_FALSE(deliver(profile("", "u-4", 1)).has_value());
  // Others are told of the review alone: pictures change, and are told by whom they belong to.
  for (const auto& e : told()) {
    EXPECT_FALSE(e.data.at("review").at("from").as_object().contains("avatar"));
  }
}

TEST_F(listing_test, can_be_of_one_mark) {
  publish_five();
  publish_five();
  for (const auto& path : {"/gigs/" + gig_ + "/reviews", std::string("/sellers/bob/reviews")}) {
    EXPECT_EQ(ratings(read(get(path + "?rating=4"))), (marks{4, 4})) << path;
    auto first = read(get(path + "?rating=2&limit=1"));
    auto cursor = std::string(first.at("next_cursor").as_string());
    auto second = read(get(path + "?rating=2&cursor=" + cursor));
    EXPECT_EQ(ratings(second), (marks{2}));
    EXPECT_TRUE(second.at("next_cursor").is_null());
    EXPECT_EQ(code(get(path + "?cursor=" + cursor)), "bad_cursor");
  }
}

TEST_F(listing_test, pages_follow_each_other_without_gaps_even_when_times_are_equal) {
  for (int i = 0; i < 7; ++i) give(ana_, order(), 1 + i % 5);
  clock_.advance(15 * 24h);
  publish_due();
  std::vector<std::string> seen;
  std::string path = "/gigs/" + gig_ + "/reviews?limit=3";
  for (std::string next = path; !next.empty();) {
    auto page = read(get(next));
    for (const auto& r : page.at("items").as_array()) {
      seen.emplace_back(r.as_object().at("id").as_string());
    }
    auto& cursor = page.at("next_cursor");
    next = cursor.is_null() ? "" : path + "&cursor=" + std::string(cursor.as_string());
    ASSERT_LE(seen.size(), 7u);
  }
  EXPECT_EQ(seen.size(), 7u);
  std::ranges::sort(seen);
  EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
}

TEST_F(listing_test, a_cursor_is_good_for_its_own_list_alone) {
  publish_five();
  auto page = read(get("/gigs/" + gig_ + "/reviews?limit=2"));
  auto cursor = std::string(page.at("next_cursor").as_string());
  EXPECT_EQ(get("/gigs/" + gig_ + "/reviews?cursor=" + cursor).status, 200);
  for (const auto& path :
       {"/sellers/bob/reviews?cursor=" + cursor, "/gigs/" + gig_ + "/reviews?cursor=x" + cursor}) {
    auto refused = get(path);
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(code(refused), "bad_cursor");
  }
}

TEST_F(listing_test, wrong_parameters_are_told) {
  EXPECT_EQ(get("/gigs/g/reviews?limit=0").status, 422);
  EXPECT_EQ(get("/gigs/g/reviews?limit=101").status, 422);
  EXPECT_EQ(get("/gigs/g/reviews?sort=best").status, 422);
  for (const auto* rating : {"0", "6", "-1", "five", "4.5", "5;--"}) {
    EXPECT_EQ(get(std::string("/gigs/g/reviews?rating=") + rating).status, 422) << rating;
  }
}

TEST_F(listing_test, the_database_is_checked_for_readiness) {
  ASSERT_EQ(service_.checks.size(), 1u);
  EXPECT_TRUE(run(service_.checks[0].run(system_)).has_value());
}

}  // namespace oficio::reviews
