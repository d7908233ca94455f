#pragma once

#include <limits>

#include "fixture.hpp"

// What a document database promises about writing. Included once by each backend's test program.
namespace oficio::documents::conformance {

TEST_P(documents_conformance, gives_back_what_was_inserted) {
  put({.id = "a", .shop = "s", .price = 7, .slug = "x\"y'z ñ", .rank = 3, .notes = {"1", "2"}});
  auto found = run(items_->get(ctx_, "a"));
  ASSERT_TRUE(found.has_value() && found->has_value());
  EXPECT_EQ((*found)->write_version, 1);
  EXPECT_EQ((*found)->value.slug, "x\"y'z ñ");
  EXPECT_EQ((*found)->value.notes, (std::vector<std::string>{"1", "2"}));
}

TEST_P(documents_conformance, gives_back_any_json_as_it_was) {
  auto d = bare();
  boost::json::value deep = "end";
  for (int i = 0; i < 20; ++i) deep = {{"a", boost::json::array{deep}}};
  record r{.id = "a.$b", .write_version = 1};
  r.body = {{"id", "a.$b"},
            {"shop", "s"},
            {"slug", std::string("n\0ul", 5)},
            {"whole", std::numeric_limits<std::int64_t>::min()},
            {"large", std::numeric_limits<std::uint64_t>::max()},
            {"five", 5.0},
            {"tenth", 0.1},
            {"small", 5e-324},
            {"yes", true},
            {"nothing", nullptr},
            {"deep", deep},
            {"lists", {boost::json::array{}, {1, {2, {"3"}}}, {{"a", {1, {2}}}}}},
            {"empty", boost::json::object{}},
            {"keys",
             {{"", 1},
              {"%", 2},
              {"$set", 3},
              {"a.b", {{".", 4}}},
              {"%2E", 5},
              {"%list", boost::json::array{6}},
              {"%u64", "7"},
              {std::string("n\0ul", 5), 8},
              {"0", 9},
              {"_id", 10},
              {"ñ", 11}}}};
  ASSERT_TRUE(run(d->insert(ctx_, r)).has_value());
  auto found = run(d->get(ctx_, "a.$b")).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->body, r.body);
  for (const auto& [name, kept] : found->body)
    EXPECT_EQ(kept.kind(), r.body.at(name).kind()) << name;
  r.write_version = 2;
  r.body["keys"] = {{"$a.b", 1}};
  ASSERT_TRUE(run(d->replace(ctx_, r, 1)).has_value());
  EXPECT_EQ(run(d->get(ctx_, "a.$b")).value()->body, r.body);
}

TEST_P(documents_conformance, keeps_events_of_any_json_in_their_order) {
  std::vector<events::raised> raised;
  for (int i = 0; i < 12; ++i) {
    raised.push_back({"test.n" + std::to_string(i),
                      {{"a.b", {{"$c", {boost::json::array{i}}}}}, {"", nullptr}},
                      {}});
  }
  put({.id = "a", .shop = "s"}, {fact("test.made")});
  ASSERT_TRUE(run(items_->update(ctx_, "a", [&](item&, change& c) -> result<void> {
                for (const auto& one : raised) c.raise(one);
                return {};
              })).has_value());
  auto events = pending();
  ASSERT_EQ(events.size(), 13U);
  for (std::size_t i = 0; i < raised.size(); ++i) {
    EXPECT_EQ(events[i + 1].type, raised[i].type);
    EXPECT_EQ(events[i + 1].data.at("a.b"), raised[i].data.at("a.b"));
  }
}

TEST_P(documents_conformance, has_nothing_for_an_unknown_id) {
  auto found = run(items_->get(ctx_, "nobody"));
  ASSERT_TRUE(found.has_value());
  EXPECT_FALSE(found->has_value());
}

TEST_P(documents_conformance, refuses_an_id_that_is_there) {
  put({.id = "a", .shop = "s", .slug = "1"});
  auto again = run(items_->insert(ctx_, {.id = "a", .shop = "t", .slug = "2"}));
  ASSERT_TRUE(again.has_error());
  EXPECT_EQ(again.error().kind, errc::conflict);
  EXPECT_EQ(again.error().code, "duplicate");
  EXPECT_EQ(again.error().detail, "id");
  EXPECT_EQ(run(items_->get(ctx_, "a")).value()->value.shop, "s");
}

TEST_P(documents_conformance, keeps_unique_indexes_unique_and_names_them) {
  put({.id = "a", .shop = "s", .slug = "1"});
  put({.id = "b", .shop = "s", .slug = "2"});
  put({.id = "c", .shop = "t", .slug = "1"});
  auto inserted = run(items_->insert(ctx_, {.id = "d", .shop = "s", .slug = "1"}));
  ASSERT_TRUE(inserted.has_error());
  EXPECT_EQ(inserted.error().code, "duplicate");
  EXPECT_EQ(inserted.error().detail, "by_slug");
  auto changed = run(items_->update(ctx_, "b", [](item& i, change&) -> result<void> {
    i.slug = "1";
    return {};
  }));
  ASSERT_TRUE(changed.has_error());
  EXPECT_EQ(changed.error().detail, "by_slug");
}

TEST_P(documents_conformance, counts_absent_values_in_unique_indexes) {
  put({.id = "a", .shop = "s"});
  put({.id = "b", .shop = "t"});
  auto second = run(items_->insert(ctx_, {.id = "c", .shop = "s"}));
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().detail, "by_slug");
  auto same = run(items_->update(ctx_, "a", [](item& i, change&) -> result<void> {
    i.price = 5;
    return {};
  }));
  EXPECT_TRUE(same.has_value());
}

TEST_P(documents_conformance, replaces_only_the_expected_version) {
  put({.id = "a", .shop = "s"});
  auto d = bare();
  auto loaded = run(d->get(ctx_, "a")).value().value();
  loaded.write_version = 2;
  EXPECT_TRUE(run(d->replace(ctx_, loaded, 1)).has_value());
  auto stale = run(d->replace(ctx_, loaded, 1));
  ASSERT_TRUE(stale.has_error());
  EXPECT_EQ(stale.error().code, "stale_version");
  EXPECT_EQ(stale.error().kind, errc::conflict);
  loaded.id = "nobody";
  EXPECT_EQ(run(d->replace(ctx_, loaded, 1)).error().kind, errc::not_found);
}

TEST_P(documents_conformance, lets_exactly_one_of_many_replaces_win) {
  put({.id = "a", .shop = "s"});
  auto d = bare();
  std::vector<std::future<result<void>>> all;
  for (int i = 0; i < 64; ++i) {
    record r{.id = "a", .write_version = 2, .body = {{"id", "a"}, {"shop", std::to_string(i)}}};
    all.push_back(start(d->replace(ctx_, r, 1)));
  }
  int won = 0;
  for (auto& f : all) {
    auto outcome = f.get();
    if (outcome) {
      ++won;
    } else {
      EXPECT_EQ(outcome.error().code, "stale_version");
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(run(d->get(ctx_, "a")).value()->write_version, 2);
}

TEST_P(documents_conformance, loses_nothing_when_many_decide_at_once) {
  put({.id = "a", .shop = "s"});
  std::vector<std::future<result<stored<item>>>> all;
  for (int i = 0; i < 64; ++i) {
    all.push_back(start(items_->update(ctx_, "a", [i](item& it, change& c) -> result<void> {
      it.price += 1;
      it.notes.push_back(std::to_string(i));
      c.raise(fact("test.changed"));
      return {};
    })));
  }
  for (auto& f : all) {
    auto outcome = f.get();
    EXPECT_TRUE(outcome.has_value()) << outcome.error().code;
  }
  auto end = run(items_->get(ctx_, "a")).value().value();
  EXPECT_EQ(end.value.price, 64);
  EXPECT_EQ(end.value.notes.size(), 64U);
  EXPECT_EQ(end.write_version, 65);
  EXPECT_EQ(pending().size(), 64U);
}

TEST_P(documents_conformance, writes_nothing_when_a_decision_refuses_or_skips) {
  put({.id = "a", .shop = "s"});
  auto refused = run(items_->update(ctx_, "a", [](item& i, change&) -> result<void> {
    i.shop = "t";
    return error{errc::forbidden, "not_yours", "No."};
  }));
  EXPECT_EQ(refused.error().code, "not_yours");
  auto skipped = run(items_->update(ctx_, "a", [](item&, change& c) -> result<void> {
    c.skip();
    return {};
  }));
  EXPECT_EQ(skipped.value().write_version, 1);
  auto end = run(items_->get(ctx_, "a")).value().value();
  EXPECT_EQ(end.write_version, 1);
  EXPECT_EQ(end.value.shop, "s");
}

TEST_P(documents_conformance, says_not_found_when_there_is_nothing_to_change) {
  auto outcome = run(items_->update(ctx_, "a", [](item&, change&) -> result<void> { return {}; }));
  EXPECT_EQ(outcome.error().kind, errc::not_found);
}

TEST_P(documents_conformance, does_not_begin_after_the_deadline) {
  context late = ctx_;
  late.deadline = std::chrono::steady_clock::now() - 1s;
  auto outcome = run(items_->insert(late, {.id = "a", .shop = "s"}));
  EXPECT_EQ(outcome.error().kind, errc::timeout);
  EXPECT_FALSE(run(items_->get(ctx_, "a")).value().has_value());
}

TEST_P(documents_conformance, keeps_everything_over_a_restart) {
  put({.id = "a", .shop = "s", .slug = "1"}, {fact("test.made")});
  put({.id = "b", .shop = "s", .slug = "2"});
  auto before = pending();
  open();
  EXPECT_EQ(ids({.where = {{"shop", op::eq, "s"}}}), (std::vector<std::string>{"a", "b"}));
  auto after = pending();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].id, before[0].id);
  EXPECT_EQ(after[0].time, before[0].time);
  auto again = run(items_->insert(ctx_, {.id = "c", .shop = "s", .slug = "1"}));
  EXPECT_EQ(again.error().detail, "by_slug");
}

TEST_P(documents_conformance, can_be_pinged) {
  EXPECT_TRUE(run(database_->ping(ctx_)).has_value());
  EXPECT_TRUE(run(database_->ping(ctx_)).has_value());
}

}  // namespace oficio::documents::conformance
