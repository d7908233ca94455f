// What people's sockets are told, and who is there: without sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/gateway/live/news.hpp"
#include "services/gateway/live/presence_table.hpp"

namespace oficio::gateway {

bool operator==(const shown_presence& a, const shown_presence& b) {
  return a.account_id == b.account_id && a.online == b.online && a.last_seen == b.last_seen;
}

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

events::envelope event(std::string type, json::object data) {
  events::envelope e;
  e.id = "e";
  e.type = std::move(type);
  e.data = std::move(data);
  return e;
}

json::object about_two(std::string_view member, json::value what) {
  json::object out{{"concerns", {"ana", "ben"}}};
  out[member] = std::move(what);
  return out;
}

TEST(news, are_what_the_contract_names) {
  json::object thing{{"id", "7"}};
  struct {
    std::string type;
    std::string member;
    std::string event;
  } all[] = {{"chat.message.sent", "message", "message"},
             {"orders.order.placed", "order", "order"},
             {"orders.order.completed", "order", "order"}};
  for (const auto& one : all) {
    auto told = news_of(event(one.type, about_two(one.member, thing)));
    ASSERT_TRUE(told) << one.type;
    EXPECT_EQ(told->event, one.event);
    EXPECT_EQ(told->body, json::value(thing));
    EXPECT_THAT(told->accounts, ElementsAre("ana", "ben"));
  }
}

TEST(news, of_offers_name_their_conversation) {
  auto data = about_two("offer", json::object{{"id", "7"}, {"status", "open"}});
  data["conversation_id"] = "c";
  for (auto type : {"chat.offer.made", "chat.offer.declined", "chat.offer.withdrawn"}) {
    auto told = news_of(event(type, data));
    ASSERT_TRUE(told);
    EXPECT_EQ(told->event, "offer");
    EXPECT_EQ(told->body, (json::value{{"id", "7"}, {"status", "open"}, {"conversation_id", "c"}}));
  }
}

TEST(news, of_reading_have_no_more_than_the_mark) {
  json::object data{{"version", 3}, {"concerns", {"ana", "ben"}},       {"conversation_id", "c"},
                    {"seq", 4},     {"at", "2026-01-31T09:30:00.000Z"}, {"account_id", "ana"}};
  auto told = news_of(event("chat.conversation.read", data));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->event, "message:read");
  EXPECT_EQ(told->body, (json::value{{"conversation_id", "c"},
                                     {"account_id", "ana"},
                                     {"seq", 4},
                                     {"at", "2026-01-31T09:30:00.000Z"}}));
}

TEST(news, of_notices_are_items_of_the_feed_for_those_who_want_them) {
  json::object notice{{"id", "n"},     {"account_id", "ana"}, {"kind", "order.placed"},
                      {"text", "Hi."}, {"link", "/orders/7"}, {"at", "2026-01-31T09:30:00.000Z"}};
  json::object data{{"concerns", {"ana"}},
                    {"notice", notice},
                    {"email", "ana@example.com"},
                    {"unsubscribe", "sealed"},
                    {"channels", {{"email", true}, {"live", true}}}};
  auto told = news_of(event("users.notice.created", data));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->event, "notification");
  EXPECT_THAT(told->accounts, ElementsAre("ana"));
  json::object item = notice;
  item.erase("account_id");
  item["read"] = false;
  EXPECT_EQ(told->body, json::value(item));
  data["channels"] = {{"email", true}, {"live", false}};
  EXPECT_FALSE(news_of(event("users.notice.created", data)));
}

TEST(news, are_only_of_what_people_are_told) {
  EXPECT_FALSE(news_of(event("auth.account.registered", about_two("account", json::object()))));
  EXPECT_FALSE(news_of(event("chat.message.sent", {{"message", json::object()}})));
  EXPECT_FALSE(news_of(event("users.notice.created", {{"notice", 7}})));
}

TEST(news, of_sessions_name_those_that_ended) {
  json::object data{{"concerns", {"ana"}}, {"session_ids", {"s1", "s2"}}};
  EXPECT_THAT(ended_by(event("auth.session.ended", data)), ElementsAre("s1", "s2"));
  EXPECT_THAT(ended_by(event("auth.session.ended", {{"session_ids", "s1"}})), IsEmpty());
  EXPECT_THAT(ended_by(event("chat.message.sent", data)), IsEmpty());
}

// Two gateways, which hear of each other what `talk` carries.
class presence_tables : public testing::Test {
 protected:
  presence_table::moment now() const {
    return {steady_time(1h + passed), time_point(1'000h) + passed};
  }
  void pass(std::chrono::milliseconds time) {
    passed += time;
    for (auto* t : {&here, &there}) t->look(now());
  }
  void talk() {
    for (bool said = true; said;) {
      auto one = here.take_news();
      auto two = there.take_news();
      for (const auto& n : one) there.heard(n, now());
      for (const auto& n : two) here.heard(n, now());
      said = !one.empty() || !two.empty();
    }
  }
  static shown_presence online(std::string id) { return {std::move(id), true, std::nullopt}; }
  static shown_presence gone(std::string id, time_point at) { return {std::move(id), false, at}; }

  std::chrono::milliseconds passed{0};
  presence_table here{"here", {}};
  presence_table there{"there", {}};
};

TEST_F(presence_tables, count_devices_and_give_grace_after_the_last) {
  here.came("ana", now());
  here.came("ana", now());
  EXPECT_THAT(here.take_changes(), ElementsAre(online("ana")));
  here.went("ana", now());
  pass(60s);
  EXPECT_TRUE(here.of("ana").online);
  here.went("ana", now());
  auto left_at = now().wall;
  pass(9s);
  EXPECT_TRUE(here.of("ana").online);
  here.came("ana", now());
  pass(60s);
  here.went("ana", now());
  left_at = now().wall;
  EXPECT_THAT(here.take_changes(), IsEmpty());
  pass(10s);
  EXPECT_THAT(here.take_changes(), ElementsAre(gone("ana", left_at)));
  EXPECT_EQ(here.of("ana").last_seen, left_at);
  EXPECT_EQ(here.here(), 0U);
}

TEST_F(presence_tables, ignore_who_was_never_there) {
  here.went("ana", now());
  pass(60s);
  EXPECT_THAT(here.take_changes(), IsEmpty());
  EXPECT_EQ(here.of("ana").last_seen, std::nullopt);
}

TEST_F(presence_tables, hear_of_people_at_other_gateways) {
  here.came("ana", now());
  talk();
  EXPECT_THAT(there.take_changes(), ElementsAre(online("ana")));
  there.came("ana", now());
  talk();
  here.take_changes();
  EXPECT_THAT(there.take_changes(), IsEmpty());
  here.went("ana", now());
  pass(11s);
  talk();
  EXPECT_THAT(here.take_changes(), IsEmpty());  // she is still there
  there.went("ana", now());
  auto left_at = now().wall;
  pass(11s);
  talk();
  EXPECT_THAT(there.take_changes(), ElementsAre(gone("ana", left_at)));
  EXPECT_THAT(here.take_changes(), ElementsAre(gone("ana", left_at)));
}

TEST_F(presence_tables, tell_one_that_begins_at_once) {
  here.came("ana", now());
  here.take_news();
  presence_table young("young", {});
  for (const auto& n : young.take_news()) here.heard(n, now());
  for (const auto& n : here.take_news()) young.heard(n, now());
  EXPECT_TRUE(young.of("ana").online);
}

TEST_F(presence_tables, believe_a_gateway_that_is_silent_for_a_while_only) {
  here.came("ana", now());
  talk();
  there.take_changes();
  for (int i = 0; i < 10; ++i) {
    pass(25s);
    talk();
  }
  EXPECT_THAT(there.take_changes(), IsEmpty());
  pass(60s);
  EXPECT_TRUE(there.of("ana").online);
  pass(20s);
  EXPECT_FALSE(there.of("ana").online);
  EXPECT_EQ(there.take_changes().size(), 1U);
}

TEST_F(presence_tables, give_grace_to_the_people_of_a_gateway_that_ends) {
  here.came("ana", now());
  here.came("ben", now());
  talk();
  there.take_changes();
  there.heard({.from = "here", .here = {}, .gone = {}, .at = now().wall, .bye = true}, now());
  there.came("ana", now());
  pass(16s);
  EXPECT_TRUE(there.of("ana").online);
  EXPECT_FALSE(there.of("ben").online);
}

TEST_F(presence_tables, are_bounded) {
  presence_table small("small", {.most_elsewhere = 2, .most_seen = 2});
  for (auto id : {"a", "b", "c"}) {
    small.heard({.from = "x", .here = {id}, .gone = {}, .at = now().wall}, now());
  }
  EXPECT_FALSE(small.of("c").online);
  for (auto id : {"a", "b", "c"}) {
    small.came(id, now());
    small.went(id, now());
  }
  small.look({now().steady + 20s, now().wall});
  small.heard({.from = "x", .here = {}, .gone = {"a", "b"}, .at = now().wall}, now());
  EXPECT_EQ(small.of("c").last_seen.has_value() + small.of("a").last_seen.has_value() +
                small.of("b").last_seen.has_value(),
            2);
}

TEST_F(presence_tables, send_many_accounts_in_several_messages) {
  for (int i = 0; i < 450; ++i) here.came("account " + std::to_string(i), now());
  here.take_news();
  here.tell_all();
  auto told = here.take_news();
  EXPECT_EQ(told.size(), 3U);
  for (const auto& n : told) there.heard(n, now());
  EXPECT_EQ(there.take_changes().size(), 450U);
}

}  // namespace
}  // namespace oficio::gateway
