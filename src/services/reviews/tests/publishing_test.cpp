#include "fixture.hpp"

namespace oficio::reviews {
namespace {

json::object review_in(const events::envelope& e) {
  return e.data.at("review").as_object();
}

// The event of the review that this side wrote.
const events::envelope& by(const std::vector<events::envelope>& told, std::string_view side) {
  return *std::ranges::find_if(
      told, [&](const auto& e) { return e.data.at("side").as_string() == side; });
}

}  // namespace

TEST_F(reviews_test, the_second_review_publishes_both) {
  auto id = order();
  give(ana_, id, 4);
  auto second = give(bob_, id, 5);
  EXPECT_FALSE(read(second).at("published_at").is_null());
  auto events = told();
  ASSERT_EQ(events.size(), 2u);
  const auto& buyers = by(events, "buyer");
  EXPECT_EQ(buyers.type, "reviews.review.published");
  EXPECT_EQ(buyers.source, "/oficio/reviews");
  EXPECT_EQ(buyers.subject, review_in(buyers).at("id").as_string());
  EXPECT_EQ(buyers.version(), 2);
  EXPECT_EQ(buyers.data.at("concerns"), (json::array{json::value(ana_), json::value(bob_)}));
  EXPECT_EQ(review_in(buyers).at("rating"), 4);
  EXPECT_FALSE(review_in(buyers).at("published_at").is_null());
  json::object gig{
      {"id", gig_}, {"version", 1}, {"average", 4.0}, {"count", 1}, {"histogram", {0, 0, 0, 1, 0}}};
  EXPECT_EQ(buyers.data.at("gig_rating"), gig);
  gig["id"] = bob_;
  EXPECT_EQ(buyers.data.at("about_rating"), gig);
  const auto& sellers = by(events, "seller");
  EXPECT_TRUE(sellers.data.at("gig_rating").is_null());
  EXPECT_EQ(sellers.data.at("about_rating").as_object().at("id"), json::value(ana_));
  EXPECT_EQ(sellers.data.at("about_rating").as_object().at("histogram"),
            (json::array{0, 0, 0, 0, 1}));
}

TEST_F(reviews_test, marks_add_up_over_orders_with_growing_versions) {
  for (int rating : {5, 4, 4}) {
    auto id = order();
    give(ana_, id, rating);
    give(bob_, id, 1);
  }
  std::vector<json::object> sums;
  for (const auto& e : told()) {
    if (e.data.at("side") == "buyer") sums.push_back(e.data.at("gig_rating").as_object());
  }
  ASSERT_EQ(sums.size(), 3u);
  EXPECT_EQ(sums[2].at("version"), 3);
  EXPECT_EQ(sums[2].at("count"), 3);
  EXPECT_EQ(sums[2].at("average"), 4.33);
  EXPECT_EQ(sums[2].at("histogram"), (json::array{0, 0, 0, 2, 1}));
}

TEST_F(reviews_test, what_one_gets_as_a_seller_and_as_a_buyer_is_kept_apart) {
  auto sold = order();
  give(ana_, sold, 5);
  give(bob_, sold, 1);
  std::swap(ana_, bob_);  // now bob buys
  auto bought = order();
  give(ana_, bought, 2);
  give(bob_, bought, 3);
  auto events = told();
  ASSERT_EQ(events.size(), 4u);
  for (const auto& e : events) {
    auto about = e.data.at("about_rating").as_object();
    EXPECT_EQ(about.at("count"), 1) << about;
  }
}

TEST_F(reviews_test, many_hidden_reviews_that_are_not_due_are_left_alone) {
  for (int i = 0; i < 101; ++i) give(ana_, order());
  publish_due();
  EXPECT_TRUE(told().empty());
}

TEST_F(reviews_test, both_sides_at_the_same_instant_are_published_once_each) {
  std::vector<std::string> ids;
  std::vector<awaitable<http::response>> all;
  for (int i = 0; i < 20; ++i) {
    ids.push_back(order());
    all.push_back(reviewing(i % 2 ? ana_ : bob_, ids.back(), 5));
    all.push_back(reviewing(i % 2 ? bob_ : ana_, ids.back(), 5));
  }
  for (const auto& r : run_all(std::move(all), 4)) EXPECT_EQ(r.status, 201) << r.body;
  auto events = told();
  EXPECT_EQ(events.size(), 40u);
  std::vector<std::string> subjects;
  std::int64_t most = 0;
  for (const auto& e : events) {
    subjects.push_back(e.subject);
    most = std::max(most, e.data.at("about_rating").as_object().at("count").as_int64());
  }
  std::ranges::sort(subjects);
  EXPECT_EQ(std::ranges::adjacent_find(subjects), subjects.end());
  EXPECT_EQ(most, 20);
}

TEST_F(reviews_test, a_lonely_review_is_published_after_fourteen_days) {
  auto id = order();
  give(ana_, id, 2);
  clock_.advance(14 * 24h - 1min);
  publish_due();
  EXPECT_TRUE(told().empty());
  clock_.advance(2min);
  publish_due();
  auto events = told();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].data.at("side"), "buyer");
  publish_due();
  EXPECT_EQ(told().size(), 1u);
  auto items = read(get("/gigs/" + gig_ + "/reviews")).at("items").as_array();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].as_object().at("rating"), 2);
}

TEST_F(reviews_test, what_is_due_is_published_in_batches_and_by_several_instances_once) {
  for (int i = 0; i < 130; ++i) give(i % 2 ? ana_ : bob_, order(), 5);
  clock_.advance(15 * 24h);
  std::vector<awaitable<result<void>>> instances;
  for (int i = 0; i < 3; ++i) instances.push_back(service_.timers.at(0).run(system_));
  for (const auto& done : run_all(std::move(instances), 3)) EXPECT_TRUE(done.has_value());
  EXPECT_EQ(told().size(), 130u);
}

TEST_F(reviews_test, marks_of_many_orders_at_once_all_count) {
  std::vector<awaitable<http::response>> work;
  for (int i = 0; i < 30; ++i) {
    auto id = order();
    work.push_back(reviewing(ana_, id, 1 + i % 5));
    work.push_back(reviewing(bob_, id, 5));
  }
  for (const auto& done : run_all(std::move(work), 4)) EXPECT_EQ(done.status, 201) << done.body;
  std::int64_t most = 0;
  for (const auto& e : told()) {
    if (auto* gig = e.data.if_contains("gig_rating"); gig && gig->is_object()) {
      most = std::max(most, gig->as_object().at("count").to_number<std::int64_t>());
    }
  }
  EXPECT_EQ(most, 30);
}

TEST_F(reviews_test, an_order_told_twice_or_again_after_its_review_changes_nothing) {
  auto id = uuid_v7(clock_.now());
  auto news = completed(id);
  ASSERT_TRUE(deliver(news).has_value());
  ASSERT_TRUE(deliver(news).has_value());
  give(ana_, id);
  clock_.advance(24h);
  ASSERT_TRUE(deliver(completed(id)).has_value());
  give(bob_, id);
  EXPECT_EQ(told().size(), 2u);
  clock_.advance(14 * 24h);
  publish_due();
  EXPECT_EQ(told().size(), 2u);
}

TEST_F(reviews_test, news_that_cannot_be_read_is_an_error) {
  auto news = completed("x");
  news.data.erase("order");
  auto done = deliver(news);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, "malformed_event");
}

TEST_F(reviews_test, everything_is_there_after_a_restart) {
  auto id = order();
  give(ana_, id, 3);
  restart();
  EXPECT_EQ(code(give(ana_, id)), "already_reviewed");
  give(bob_, id);
  restart();
  EXPECT_EQ(told().size(), 2u);
  EXPECT_EQ(read(get("/sellers/bob/reviews")).at("items").as_array().size(), 1u);
}

}  // namespace oficio::reviews
