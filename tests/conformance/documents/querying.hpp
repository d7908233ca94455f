#pragma once

#include <algorithm>
#include <random>

#include "fixture.hpp"

// What a document database promises about finding. Included once by each backend's test program.
namespace oficio::documents::conformance {

using names = std::vector<std::string>;

class documents_querying : public documents_conformance {
 protected:
  void five() {
    put({.id = "a", .shop = "s", .price = 10, .slug = "1", .rank = 2});
    put({.id = "b", .shop = "s", .price = 20, .slug = "2"});
    put({.id = "c", .shop = "s", .price = 20, .slug = "3", .rank = 1, .active = false});
    put({.id = "d", .shop = "s", .price = 30, .slug = "4"});
    put({.id = "e", .shop = "t", .price = 20, .slug = "1", .rank = 2});
  }

  names where(std::vector<condition> c) { return ids({.where = std::move(c)}); }

  // Reads the whole list in pages of `size`, the way a service does.
  names paged(std::vector<sort_key> sort, std::size_t size, std::vector<condition> where = {}) {
    names out;
    query q{.where = std::move(where), .sort = std::move(sort), .limit = size};
    for (int page = 0; page < 100; ++page) {
      auto found = run(items_->find(ctx_, q)).value();
      for (const auto& d : found) out.push_back(d.value.id);
      if (found.size() < size) break;
      auto body = json::to_value(found.back().value);
      query::position at{.values = {}, .id = found.back().value.id};
      for (const auto& k : q.sort) at.values.push_back(body.at(k.path));
      q.after = std::move(at);
    }
    return out;
  }
};

TEST_P(documents_querying, finds_by_every_operator) {
  five();
  EXPECT_EQ(where({{"price", op::eq, 20}}), (names{"b", "c", "e"}));
  EXPECT_EQ(where({{"price", op::lt, 20}}), (names{"a"}));
  EXPECT_EQ(where({{"price", op::lte, 20}}), (names{"a", "b", "c", "e"}));
  EXPECT_EQ(where({{"price", op::gt, 20}}), (names{"d"}));
  EXPECT_EQ(where({{"price", op::gte, 20}}), (names{"b", "c", "d", "e"}));
  EXPECT_EQ(where({{"price", op::in, {10, 30, 99}}}), (names{"a", "d"}));
  EXPECT_EQ(where({{"shop", op::in, {"t", "u"}}}), (names{"e"}));
  EXPECT_EQ(where({{"price", op::in, boost::json::array{}}}), names{});
  EXPECT_EQ(where({{"active", op::eq, false}}), (names{"c"}));
  EXPECT_EQ(where({{"rank", op::eq, nullptr}}), (names{"b", "d"}));
  EXPECT_EQ(where({{"nothing", op::eq, nullptr}, {"shop", op::eq, "t"}}), (names{"e"}));
  EXPECT_EQ(where({{"id", op::in, {"a", "e"}}}), (names{"a", "e"}));
  EXPECT_EQ(where({{"shop", op::eq, "s"}, {"price", op::gt, 10}, {"price", op::lt, 30}}),
            (names{"b", "c"}));
}

TEST_P(documents_querying, compares_nothing_with_null) {
  five();
  EXPECT_EQ(where({{"rank", op::lte, 9}}), (names{"a", "c", "e"}));
  for (auto o : {op::lt, op::lte, op::gt, op::gte})
    EXPECT_EQ(where({{"rank", o, nullptr}}), names{});
  EXPECT_EQ(where({{"rank", op::in, {nullptr, 1}}}), (names{"c"}));
}

TEST_P(documents_querying, takes_values_for_values_only) {
  five();
  EXPECT_EQ(where({{"shop", op::eq, "s' OR '1'='1"}}), names{});
  EXPECT_EQ(where({{"shop", op::eq, "$shop"}}), names{});
  EXPECT_EQ(where({{"shop", op::in, {"$ne", "{$gt: ''}"}}}), names{});
  EXPECT_EQ(where({{"price", op::eq, "20"}}), names{});
}

TEST_P(documents_querying, counts) {
  five();
  EXPECT_EQ(run(items_->count(ctx_, {{"shop", op::eq, "s"}})).value(), 4);
  EXPECT_EQ(run(items_->count(ctx_, {})).value(), 5);
  EXPECT_EQ(run(items_->count(ctx_, {{"shop", op::eq, "x"}})).value(), 0);
}

TEST_P(documents_querying, sorts_and_breaks_ties_by_id) {
  five();
  EXPECT_EQ(ids({.sort = {{"price", false}}}), (names{"a", "b", "c", "e", "d"}));
  EXPECT_EQ(ids({.sort = {{"price", true}}}), (names{"d", "e", "c", "b", "a"}));
  EXPECT_EQ(ids({.sort = {{"shop", true}, {"price", false}}}), (names{"e", "a", "b", "c", "d"}));
  EXPECT_EQ(ids({.sort = {{"price", true}}, .limit = 2}), (names{"d", "e"}));
}

TEST_P(documents_querying, sorts_nulls_before_everything) {
  five();
  EXPECT_EQ(ids({.sort = {{"rank", false}}}), (names{"b", "d", "c", "a", "e"}));
  EXPECT_EQ(ids({.sort = {{"rank", true}}}), (names{"e", "a", "c", "d", "b"}));
}

TEST_P(documents_querying, pages_meet_without_gap_or_repetition) {
  std::minstd_rand random(7);
  for (int i = 0; i < 60; ++i) {
    item it{.id = std::to_string(100 + i),
            .shop = i % 3 == 0 ? "s" : "t",
            .price = i % 5,
            .slug = std::to_string(i)};
    if (random() % 3 != 0) it.rank = static_cast<std::int64_t>(random() % 4);
    put(it);
  }
  const std::vector<std::vector<sort_key>> sorts = {{},
                                                    {{"price", false}},
                                                    {{"price", true}},
                                                    {{"rank", false}},
                                                    {{"rank", true}},
                                                    {{"price", false}, {"rank", true}},
                                                    {{"rank", true}, {"price", false}},
                                                    {{"rank", false}, {"price", true}},
                                                    {{"rank", true}, {"price", true}},
                                                    {{"id", true}}};
  for (const auto& sort : sorts) {
    auto whole = ids({.sort = sort, .limit = 1000});
    ASSERT_EQ(whole.size(), 60U);
    for (std::size_t size : {1U, 7U, 59U, 60U}) EXPECT_EQ(paged(sort, size), whole);
    EXPECT_EQ(paged(sort, 4, {{"shop", op::eq, "s"}}),
              ids({.where = {{"shop", op::eq, "s"}}, .sort = sort, .limit = 1000}));
  }
}

TEST_P(documents_querying, refuses_what_is_no_path) {
  EXPECT_THROW(where({{"price') = 1 OR ('", op::eq, 1}}), std::invalid_argument);
  EXPECT_THROW(where({{"", op::eq, 1}}), std::invalid_argument);
  EXPECT_THROW(where({{"a..b", op::eq, 1}}), std::invalid_argument);
  EXPECT_THROW(ids({.sort = {{"Price", false}}}), std::invalid_argument);
}

}  // namespace oficio::documents::conformance
