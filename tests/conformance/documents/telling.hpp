#pragma once

#include "fixture.hpp"

// What a document database promises about outboxes and tombstones. Included once by each backend's
// test program.
namespace oficio::documents::conformance {

class documents_telling : public documents_conformance {
 protected:
  result<stored<item>> touch(const std::string& id, std::vector<std::string> types,
                             bool remove = false) {
    return run(items_->update(ctx_, id, [types, remove](item& i, change& c) -> result<void> {
      i.price += 1;
      for (const auto& t : types) c.raise(fact(t));
      if (remove) c.remove();
      return {};
    }));
  }

  std::vector<std::string> types() {
    std::vector<std::string> out;
    for (const auto& e : pending()) out.push_back(e.type);
    return out;
  }

  void confirm(const std::vector<events::envelope>& events) {
    ASSERT_TRUE(run(items_->outbox().confirmed(ctx_, events)).has_value());
  }
};

using type_names = std::vector<std::string>;

TEST_P(documents_telling, seals_events_with_the_write) {
  put({.id = "a", .shop = "s"}, {fact("test.made")});
  auto events = pending();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].type, "test.made");
  EXPECT_EQ(events[0].subject, "a");
  EXPECT_EQ(events[0].source, "/oficio/test");
  EXPECT_EQ(events[0].version(), 1);
  EXPECT_EQ(events[0].data.at("concerns"), (boost::json::value{"somebody"}));
  EXPECT_EQ(events[0].id, events::seal(fact("x"), "", "a", 1, 0, clock_.now(), ctx_).id);
}

TEST_P(documents_telling, raises_nothing_when_the_insert_fails) {
  put({.id = "a", .shop = "s"});
  ASSERT_TRUE(run(items_->insert(ctx_, {.id = "a", .shop = "t"}, {fact("test.made")})).has_error());
  EXPECT_TRUE(pending().empty());
}

TEST_P(documents_telling, keeps_the_order_of_each_document) {
  put({.id = "a", .shop = "s"}, {fact("1")});
  put({.id = "b", .shop = "t"}, {fact("other")});
  ASSERT_TRUE(touch("a", {"2", "3"}).has_value());
  ASSERT_TRUE(touch("a", {}).has_value());
  ASSERT_TRUE(touch("a", {"4"}).has_value());
  type_names of_a;
  for (const auto& e : pending()) {
    if (e.subject == "a") of_a.push_back(e.type);
  }
  EXPECT_EQ(of_a, (type_names{"1", "2", "3", "4"}));
}

TEST_P(documents_telling, gives_the_oldest_first) {
  put({.id = "z", .shop = "s"}, {fact("old")});
  clock_.advance(1s);
  put({.id = "a", .shop = "t"}, {fact("new")});
  EXPECT_EQ(types(), (type_names{"old", "new"}));
  EXPECT_EQ(pending(1).size(), 1U);
  EXPECT_EQ(pending(1)[0].type, "old");
}

TEST_P(documents_telling, forgets_confirmed_events_without_touching_the_document) {
  put({.id = "a", .shop = "s"}, {fact("1"), fact("2")});
  auto events = pending();
  confirm({events[0]});
  EXPECT_EQ(types(), (type_names{"2"}));
  confirm({events[0], events[1]});
  EXPECT_TRUE(pending().empty());
  EXPECT_EQ(run(items_->get(ctx_, "a")).value()->write_version, 1);
  confirm(events);
}

// A change that was loaded before a confirmation and written after it.
TEST_P(documents_telling, does_not_bring_confirmed_events_back) {
  put({.id = "a", .shop = "s"}, {fact("1")});
  auto d = bare();
  auto loaded = run(d->get(ctx_, "a")).value().value();
  confirm(pending());
  loaded.write_version = 2;
  loaded.outbox.push_back(events::seal(fact("2"), "/oficio/test", "a", 2, 0, clock_.now(), ctx_));
  ASSERT_TRUE(run(d->replace(ctx_, loaded, 1)).has_value());
  EXPECT_EQ(types(), (type_names{"2"}));
}

TEST_P(documents_telling, keeps_a_tombstone_until_its_events_are_told) {
  put({.id = "a", .shop = "s", .slug = "1"});
  ASSERT_TRUE(touch("a", {"gone"}, true).has_value());
  EXPECT_FALSE(run(items_->get(ctx_, "a")).value().has_value());
  EXPECT_TRUE(ids({}).empty());
  EXPECT_EQ(run(items_->count(ctx_, {})).value(), 0);
  EXPECT_EQ(touch("a", {}).error().kind, errc::not_found);
  EXPECT_EQ(run(items_->insert(ctx_, {.id = "a", .shop = "s"})).error().code, "duplicate");
  EXPECT_EQ(types(), (type_names{"gone"}));
  put({.id = "b", .shop = "s", .slug = "1"});  // what it held uniquely is free at once
  confirm(pending());
  put({.id = "a", .shop = "s", .slug = "2"});
  EXPECT_EQ(run(items_->get(ctx_, "a")).value()->write_version, 1);
}

TEST_P(documents_telling, drops_a_tombstone_at_once_that_has_nothing_to_tell) {
  put({.id = "a", .shop = "s"});
  ASSERT_TRUE(touch("a", {}, true).has_value());
  put({.id = "a", .shop = "s"});
}

// A change that is made with events still waiting, which are confirmed only when it is a tombstone.
TEST_P(documents_telling, drops_a_silent_tombstone_with_its_last_event) {
  put({.id = "a", .shop = "s"}, {fact("1"), fact("2")});
  ASSERT_TRUE(touch("a", {}, true).has_value());
  auto events = pending();
  EXPECT_EQ(types(), (type_names{"1", "2"}));
  confirm({events[1]});
  EXPECT_EQ(types(), (type_names{"1"}));
  EXPECT_EQ(run(items_->insert(ctx_, {.id = "a", .shop = "s"})).error().code, "duplicate");
  confirm({events[0]});
  EXPECT_TRUE(pending().empty());
  put({.id = "a", .shop = "s"});
}

// The removal was decided while an event waited, which is confirmed before it is written.
TEST_P(documents_telling, leaves_no_tombstone_of_a_race_with_a_confirmation) {
  put({.id = "a", .shop = "s"}, {fact("1")});
  auto d = bare();
  auto loaded = run(d->get(ctx_, "a")).value().value();
  confirm(pending());
  loaded.write_version = 2;
  loaded.removed = true;
  ASSERT_TRUE(run(d->replace(ctx_, loaded, 1)).has_value());
  EXPECT_TRUE(pending().empty());
  put({.id = "a", .shop = "s"});
}

TEST_P(documents_telling, loses_no_event_to_confirmations_at_the_same_time) {
  put({.id = "a", .shop = "s"}, std::vector<events::raised>(32, fact("x")));
  auto events = pending();
  std::vector<std::vector<events::envelope>> ones;
  for (std::size_t i = 0; i < 16; ++i) ones.push_back({events[i]});
  std::vector<std::future<result<void>>> all;
  for (const auto& one : ones) all.push_back(start(items_->outbox().confirmed(ctx_, one)));
  ASSERT_TRUE(touch("a", {"more"}).has_value());
  for (auto& f : all) EXPECT_TRUE(f.get().has_value());
  auto left = pending();
  ASSERT_EQ(left.size(), 17U);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(left[i].id, events[16 + i].id);
  EXPECT_EQ(left.back().type, "more");
}

TEST_P(documents_telling, refuses_writes_while_two_hundred_events_wait) {
  put({.id = "a", .shop = "s"}, std::vector<events::raised>(199, fact("x")));
  EXPECT_EQ(touch("a", {"1", "2"}).error().code, "outbox_full");
  ASSERT_TRUE(touch("a", {"1"}).has_value());
  EXPECT_EQ(touch("a", {"2"}).error().code, "outbox_full");
  EXPECT_EQ(touch("a", {}).error().kind, errc::unavailable);
  auto events = pending(10);
  EXPECT_EQ(events.size(), 200U);  // a document's events stay together
  confirm({events[0]});
  EXPECT_TRUE(touch("a", {"2"}).has_value());
}

TEST_P(documents_telling, wakes_who_waits_for_events) {
  put({.id = "a", .shop = "s"});
  EXPECT_FALSE(run(items_->outbox().changed().wait(1ms)));
  ASSERT_TRUE(touch("a", {"1"}).has_value());
  EXPECT_TRUE(run(items_->outbox().changed().wait(5s)));
}

}  // namespace oficio::documents::conformance
