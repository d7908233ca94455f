#include "services/reviews/review.hpp"

#include <gtest/gtest.h>

#include "platform/json/json.hpp"
#include "services/reviews/events.hpp"

namespace oficio::reviews {
namespace {

completed_order sample() {
  return {.id = "o",
          .gig_id = "g",
          .buyer = {"a", "ana"},
          .seller = {"b", "bob"},
          .completed_at = time_point(std::chrono::hours(1'000))};
}

TEST(review, is_from_one_side_about_the_other) {
  auto o = sample();
  EXPECT_EQ(o.side_of("a"), side::buyer);
  EXPECT_EQ(o.side_of("b"), side::seller);
  EXPECT_EQ(o.side_of("c"), std::nullopt);
  auto r = write_review(o, side::seller, {4, "Clear wishes"}, o.completed_at);
  EXPECT_EQ(r.from, o.seller);
  EXPECT_EQ(r.about, o.buyer);
  EXPECT_EQ(r.due_at, o.completed_at + std::chrono::hours(14 * 24));
  EXPECT_FALSE(r.published_at);
}

TEST(review, has_a_mark_of_one_to_five_and_a_text) {
  auto wrong = [](std::string body) {
    auto r = json::from_request<review_request>(body);
    return r ? std::string() : r.error().violations.at(0).pointer;
  };
  EXPECT_EQ(wrong(R"({"rating":1,"text":"x"})"), "");
  EXPECT_EQ(wrong(R"({"rating":5,"text":"x"})"), "");
  EXPECT_EQ(wrong(R"({"rating":0,"text":"x"})"), "/rating");
  EXPECT_EQ(wrong(R"({"rating":6,"text":"x"})"), "/rating");
  EXPECT_EQ(wrong(R"({"rating":4.5,"text":"x"})"), "/rating");
  EXPECT_EQ(wrong(R"({"rating":5})"), "/text");
  EXPECT_EQ(wrong(R"({"rating":5,"text":"  "})"), "/text");
  EXPECT_EQ(wrong(R"({"rating":5,"text":")" + std::string(2'001, 'x') + "\"}"), "/text");
  EXPECT_EQ(wrong(R"({"rating":5,"text":"x","stars":5})"), "/stars");
}

TEST(rating_sum, averages_to_two_decimals) {
  EXPECT_EQ(rating_sum{}.average(), 0);
  rating_sum r{.id = "g", .version = 3, .histogram = {0, 0, 1, 0, 2}};
  EXPECT_EQ(r.count(), 3);
  EXPECT_DOUBLE_EQ(r.average(), 4.33);
}

TEST(completed, order_is_read_with_the_events_time_where_it_has_none) {
  events::envelope e;
  e.time = time_point(std::chrono::hours(5));
  e.data = {{"order",
             {{"id", "o"},
              {"gig_id", "g"},
              {"buyer", {{"id", "a"}, {"username", "ana"}}},
              {"seller", {{"id", "b"}, {"username", "bob"}}},
              {"completed_at", nullptr}}}};
  EXPECT_EQ(read_completed(e).value().completed_at, e.time);
  e.data["order"].as_object()["completed_at"] = "2026-01-31T09:30:00.000Z";
  EXPECT_EQ(format_time(read_completed(e).value().completed_at), "2026-01-31T09:30:00.000Z");
}

TEST(completed, order_without_what_is_needed_is_malformed) {
  events::envelope e;
  EXPECT_EQ(read_completed(e).error().code, "malformed_event");
  e.data = {{"order", {{"id", "o"}, {"gig_id", "g"}, {"buyer", {{"id", "a"}}}}}};
  EXPECT_EQ(read_completed(e).error().code, "malformed_event");
  e.data = {{"order", {{"id", 7}}}};
  EXPECT_EQ(read_completed(e).error().code, "malformed_event");
}

}  // namespace
}  // namespace oficio::reviews
