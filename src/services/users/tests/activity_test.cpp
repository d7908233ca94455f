#include <algorithm>

#include "platform/base/uuid.hpp"
#include "services/users/store/lists.hpp"
#include "town.hpp"

namespace oficio::users {
namespace {

using http::method;

class feed_of_one : public town {
 protected:
  feed_of_one() : ana_(somebody("ana")), eve_(somebody("eve")), store_(*database_, clock_) {}

  // Entries as the teller writes them, each a second after the other.
  std::vector<std::string> fill(int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) {
      auto ctx = context::for_system();
      activity a;
      a.id = uuid_v7(clock_.now());
      a.account_id = ana_.sub;
      a.kind = "order.paid";
      a.text = std::to_string(i);
      a.told_at = clock_.now();
      ids.push_back(a.id);
      EXPECT_TRUE(run(store_.append(ctx, a, {"users.notice.created", {}, {}})).has_value());
      EXPECT_TRUE(run(store_.outbox().confirmed(ctx, run(store_.outbox().pending(ctx, 10)).value()))
                      .has_value());
      clock_.advance(1s);
    }
    return ids;
  }

  json::value feed() { return get("/users/me/activity?limit=100", ana_).body; }
  std::int64_t unread() { return feed().at("unread").as_int64(); }
  reply read(const std::string& body, const identity& who) {
    return ask(method::post, "/users/me/activity/read", who, body);
  }

  identity ana_;
  identity eve_;
  feed_store store_;
};

TEST_F(feed_of_one, reads_entries_one_by_one) {
  auto ids = fill(3);
  EXPECT_EQ(unread(), 3);
  EXPECT_EQ(read(R"({"ids": [")" + ids[1] + R"("]})", ana_).status, 204);
  EXPECT_EQ(read(R"({"ids": [")" + ids[1] + R"("]})", ana_).status, 204);
  EXPECT_EQ(unread(), 2);
  auto items = feed().at("items").as_array();
  EXPECT_EQ(items[1].at("read"), true);
  EXPECT_EQ(items[0].at("read"), false);
}

TEST_F(feed_of_one, reads_all_up_to_one) {
  auto ids = fill(4);
  EXPECT_EQ(read(R"({"up_to": ")" + ids[2] + R"("})", ana_).status, 204);
  EXPECT_EQ(unread(), 1);
  EXPECT_EQ(read(R"({"up_to": ")" + ids[0] + R"("})", ana_).status, 204);  // never backwards
  EXPECT_EQ(unread(), 1);
  EXPECT_EQ(read(R"({"ids": [")" + ids[0] + R"("]})", ana_).status, 204);
  EXPECT_EQ(unread(), 1);
}

TEST_F(feed_of_one, reads_all) {
  EXPECT_EQ(read("", ana_).status, 204);
  fill(3);
  EXPECT_EQ(read("{}", ana_).status, 204);
  EXPECT_EQ(unread(), 0);
  fill(1);
  EXPECT_EQ(unread(), 1);
}

TEST_F(feed_of_one, lets_nobody_read_anothers) {
  auto ids = fill(2);
  auto got = read(R"({"ids": [")" + ids[0] + R"("]})", eve_);
  EXPECT_EQ(got.status, 422);
  EXPECT_EQ(got.pointers(), std::vector<std::string>{"/ids/0"});
  EXPECT_EQ(read(R"({"up_to": ")" + ids[0] + R"("})", eve_).status, 404);
  EXPECT_EQ(unread(), 2);
}

TEST_F(feed_of_one, changes_nothing_if_one_of_them_is_unknown) {
  auto ids = fill(2);
  auto got = read(R"({"ids": [")" + ids[0] + R"(", ")" + uuid_v7(clock_.now()) + R"("]})", ana_);
  EXPECT_EQ(got.pointers(), std::vector<std::string>{"/ids/1"});
  EXPECT_EQ(unread(), 2);
}

TEST_F(feed_of_one, forgets_the_oldest_beyond_its_bound) {
  fill(static_cast<int>(most_entries) + 3);
  EXPECT_EQ(unread(), most_entries);
  auto oldest =
      run(store_.list(context::for_system(), ana_, {.limit = 1'000, .after = {}})).value();
  ASSERT_EQ(oldest.size(), static_cast<std::size_t>(most_entries));
  EXPECT_EQ(oldest.back().text, "3");
}

TEST_F(feed_of_one, forgets_what_is_old_in_batches) {
  fill(5);
  clock_.advance(std::chrono::hours(24) * 91);
  fill(1);
  auto ctx = context::for_system();
  EXPECT_EQ(run(store_.forget_old(ctx, clock_.now(), 3)).value(), 3U);
  EXPECT_EQ(run(store_.forget_old(ctx, clock_.now(), 3)).value(), 2U);
  EXPECT_EQ(run(store_.forget_old(ctx, clock_.now(), 3)).value(), 0U);
  EXPECT_EQ(unread(), 1);
}

TEST_F(feed_of_one, is_purged_by_the_services_own_timer) {
  fill(2);
  clock_.advance(std::chrono::hours(24) * 91);
  auto timer = std::ranges::find(service_.timers, "users.forget_old", &hosting::timer_job::name);
  ASSERT_NE(timer, service_.timers.end());
  EXPECT_TRUE(run(timer->run(context::for_system())).has_value());
  EXPECT_EQ(feed().at("items").as_array().size(), 0U);
}

TEST_F(feed_of_one, pages_with_a_cursor) {
  fill(5);
  std::vector<std::string> texts;
  std::string target = "/users/me/activity?limit=2";
  for (int page = 0; page < 3; ++page) {
    auto got = get(target, ana_).body;
    for (const auto& item : got.at("items").as_array())
      texts.emplace_back(item.at("text").as_string());
    EXPECT_EQ(got.at("unread"), 5);
    if (got.at("next_cursor").is_null()) break;
    target = "/users/me/activity?limit=2&cursor=" + std::string(got.at("next_cursor").as_string());
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"4", "3", "2", "1", "0"}));
}

}  // namespace
}  // namespace oficio::users
