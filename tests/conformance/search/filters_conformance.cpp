#include <gmock/gmock.h>

#include "search_fixture.hpp"

namespace oficio::search::conformance {
namespace {

using testing::ElementsAre;

std::vector<sample> shelf() {
  return {{.id = "a", .title = "Logo", .tags = {"red", "big"}, .category = "design", .price = 500},
          {.id = "b", .title = "Logo", .tags = {"red"}, .category = "design", .price = 1'500},
          {.id = "c", .title = "Logo", .tags = {"big"}, .category = "video", .price = 2'500},
          {.id = "d", .title = "Poster", .tags = {"red"}, .category = "video", .price = 9'000},
          {.id = "e", .title = "Logo", .category = "Design", .price = 700, .hidden = true}};
}

std::vector<std::string> told(const facet& f) {
  std::vector<std::string> out;
  for (const auto& b : f.buckets) {
    auto range = [](std::optional<std::int64_t> n) { return n ? std::to_string(*n) : ""; };
    auto name = b.from || b.to ? range(b.from) + ".." + range(b.to) : b.value;
    out.push_back(name + "=" + std::to_string(b.count));
  }
  return out;
}

}  // namespace

TEST_P(search_conformance, filters_by_whole_keywords) {
  put_all(shelf());
  query q;
  q.terms = {{"category", {"design"}}};
  expect_ids(q, {"b", "a"});
  q.terms = {{"category", {"design", "video"}}};
  expect_ids(q, {"d", "c", "b", "a"});
  q.terms = {{"category", {"desig"}}};
  expect_ids(q, {});
  q.terms = {{"category", {"nothing"}}};
  expect_ids(q, {});
  q.terms = {{"category", {}}};
  expect_ids(q, {});
}

TEST_P(search_conformance, two_filters_on_one_field_must_both_hold) {
  put_all(shelf());
  query q;
  q.terms = {{"tags", {"red"}}, {"tags", {"big"}}};
  expect_ids(q, {"a"});
  q.terms = {{"tags", {"red", "big"}}};
  expect_ids(q, {"d", "c", "b", "a"});
}

TEST_P(search_conformance, filters_by_range_with_both_ends_included) {
  put_all(shelf());
  query q;
  q.ranges = {{"price", 500, 1'500}};
  expect_ids(q, {"b", "a"});
  q.ranges = {{"price", 2'500, std::nullopt}};
  expect_ids(q, {"d", "c"});
  q.ranges = {{"price", std::nullopt, 500}};
  expect_ids(q, {"a"});
  q.ranges = {{"price", std::nullopt, std::nullopt}};
  expect_ids(q, {"d", "c", "b", "a"});
  q.ranges = {{"price", 5'000, 100}};
  expect_ids(q, {});
}

TEST_P(search_conformance, words_and_filters_go_together) {
  put_all(shelf());
  auto q = text_query("logo");
  q.terms = {{"tags", {"red"}}};
  q.ranges = {{"price", 1'000, std::nullopt}};
  expect_ids(q, {"b"});
  EXPECT_EQ(found(q).total, 1);
}

TEST_P(search_conformance, the_total_is_exact_whatever_the_limit) {
  put_all(shelf());
  query q;
  q.limit = 1;
  expect_ids(q, {"d"});
  EXPECT_EQ(found(q).total, 4);
  q.limit = 0;
  EXPECT_EQ(found(q).total, 4);
  EXPECT_TRUE(found(q).hits.empty());
}

TEST_P(search_conformance, a_facet_is_counted_without_the_filter_on_its_own_field) {
  put_all(shelf());
  query q;
  q.terms = {{"category", {"design"}}};
  q.facets = {{"category"}, {"tags"}, {"price", 20, {0, 1'000, 2'000}}};
  expect_ids(q, {"b", "a"});
  auto p = found(q);
  ASSERT_EQ(p.facets.size(), 3U);
  EXPECT_EQ(p.facets[0].field, "category");
  EXPECT_THAT(told(p.facets[0]), ElementsAre("design=2", "video=2"));
  EXPECT_THAT(told(p.facets[1]), ElementsAre("red=2", "big=1"));
  EXPECT_THAT(told(p.facets[2]), ElementsAre("0..1000=1", "1000..2000=1", "2000..=0"));
}

TEST_P(search_conformance, facets_feel_the_filters_on_other_fields_and_the_words) {
  put_all(shelf());
  expect_text("logo", {"a", "b", "c"});
  auto q = text_query("logo");
  q.terms = {{"category", {"video"}}, {"tags", {"big"}}};
  q.ranges = {{"price", 0, 2'000}};
  q.facets = {{"category"}, {"tags"}, {"price", 20, {500, 1'500}}};
  expect_ids(q, {});
  auto p = found(q);
  EXPECT_EQ(p.total, 0);
  EXPECT_THAT(told(p.facets[0]), ElementsAre("design=1"));                 // a: big, 500
  EXPECT_TRUE(p.facets[1].buckets.empty());                                // no video under 2000
  EXPECT_THAT(told(p.facets[2]), ElementsAre("500..1500=0", "1500..=1"));  // c
}

TEST_P(search_conformance, a_facet_gives_the_most_frequent_and_then_by_name) {
  put_all({{.id = "a", .title = "A", .tags = {"z", "m", "b"}},
           {.id = "b", .title = "B", .tags = {"z", "b"}},
           {.id = "c", .title = "C", .tags = {"z", "m", "y"}}});
  query q;
  q.facets = {{"tags", 3}};
  expect_ids(q, {"c", "b", "a"});
  EXPECT_THAT(told(found(q).facets[0]), ElementsAre("z=3", "b=2", "m=2"));
}

TEST_P(search_conformance, facets_follow_updates_and_removals) {
  put_all(shelf());
  put({.id = "a", .title = "Logo", .tags = {"green"}, .category = "design", .version = 2});
  remove("d", 2);
  query q;
  q.facets = {{"tags"}};
  expect_ids(q, {"c", "b", "a"});
  EXPECT_THAT(told(found(q).facets[0]), ElementsAre("big=1", "green=1", "red=1"));
}

TEST_P(search_conformance, a_value_said_twice_counts_once) {
  put({.id = "a", .title = "A", .tags = {"x", "x"}});
  query q;
  q.facets = {{"tags"}};
  expect_ids(q, {"a"});
  EXPECT_THAT(told(found(q).facets[0]), ElementsAre("x=1"));
}

}  // namespace oficio::search::conformance
