#include "search_fixture.hpp"

namespace oficio::search::conformance {
namespace {

std::vector<sample> many(std::size_t count) {
  std::vector<sample> out;
  for (std::size_t i = 0; i < count; ++i) {
    auto id = std::to_string(1'000 + i);
    // Prices in ties of five.
    out.push_back({.id = id, .title = "Logo", .price = static_cast<std::int64_t>(i / 5)});
  }
  return out;
}

}  // namespace

TEST_P(search_conformance, every_order_pages_over_ties_without_loss_or_repetition) {
  put_all(many(40));
  query q;
  q.limit = 1;
  expect_ids(q, {"1039"});
  expect_same_as_one_page(q, 40);
  q.sort = {"price", true};
  expect_same_as_one_page(q, 40);
  q.sort = {"price", false};
  expect_same_as_one_page(q, 40);
  auto words = text_query("logo");
  expect_same_as_one_page(words, 40);
  words.sort = {"price", true};
  expect_same_as_one_page(words, 40);
}

TEST_P(search_conformance, sorts_both_ways_with_ties_newest_first) {
  put_all({{.id = "1", .title = "A", .price = 10},
           {.id = "2", .title = "B", .price = 30},
           {.id = "3", .title = "C", .price = 10},
           {.id = "4", .title = "D", .price = 20}});
  query q;
  q.sort = {"price", true};
  expect_ids(q, {"2", "4", "3", "1"});
  q.sort = {"price", false};
  expect_ids(q, {"3", "1", "4", "2"});
}

TEST_P(search_conformance, documents_without_the_value_come_last_both_ways) {
  put_all({{.id = "1", .title = "A", .price = 10}, {.id = "2", .title = "B", .price = -5}});
  document bare{.id = "3", .body = R"({"id":"3"})"};
  ASSERT_TRUE(put({versioned{bare, 1, false}}).has_value());
  query q;
  q.sort = {"price", true};
  expect_ids(q, {"1", "2", "3"});
  q.sort = {"price", false};
  expect_ids(q, {"2", "1", "3"});
  q.limit = 1;
  EXPECT_EQ(all_pages(q), (std::vector<std::string>{"2", "1", "3"}));
}

TEST_P(search_conformance, what_is_removed_meanwhile_moves_nothing) {
  put_all(many(10));
  query q;
  q.limit = 3;
  expect_ids(q, {"1009", "1008", "1007"});
  q.after = found(q).hits.back().position;
  remove("1007", 2);
  remove("1006", 2);
  expect_ids(q, {"1005", "1004", "1003"});
}

TEST_P(search_conformance, the_total_stays_that_of_the_whole_list) {
  put_all(many(10));
  query q;
  q.limit = 4;
  expect_ids(q, {"1009", "1008", "1007", "1006"});
  q.after = found(q).hits.back().position;
  EXPECT_EQ(found(q).total, 10);
}

TEST_P(search_conformance, a_position_that_is_none_is_refused) {
  put_all(many(3));
  query q;
  q.limit = 1;
  expect_ids(q, {"1002"});
  auto newest = found(q).hits[0].position;
  for (const std::string& bad :
       {std::string("x"), std::string(), std::string("[]"), std::string("{}"),
        newest.substr(0, newest.size() - 1), newest + "x", std::string("[\"newest\",1,2,3,4]")}) {
    q.after = bad;
    auto p = search(q);
    ASSERT_FALSE(p.has_value()) << bad;
    EXPECT_EQ(p.error().kind, errc::bad_request);
    EXPECT_EQ(p.error().code, "bad_cursor");
  }
  // Another order's.
  q.after = newest;
  q.sort = {"price", true};
  EXPECT_EQ(search(q).error().code, "bad_cursor");
}

}  // namespace oficio::search::conformance
