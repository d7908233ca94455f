#include "services/orders/order.hpp"

#include <functional>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "order_fixture.hpp"

namespace oficio::orders {
namespace {

using namespace testing_help;
using std::chrono::hours;
using std::chrono::minutes;

const std::vector<status> all_states{status::pending_payment, status::awaiting_requirements,
                                     status::in_progress,     status::delivered,
                                     status::completed,       status::cancelled};

struct step {
  std::string name;
  std::function<result<void>(order&, side)> act;
  std::map<side, std::map<status, status>> allowed;  // who -> from -> to
};

const std::vector<step>& steps() {
  static const std::vector<step> table{
      {"pay",
       [](order& o, side by) -> result<void> {
         TRY_VOID(o.begin_attempt(by, trying("a9"), start));
         o.settle(charged("a9"), start);
         return {};
       },
       {{side::buyer, {{status::pending_payment, status::awaiting_requirements}}}}},
      {"requirements",
       [](order& o, side by) { return o.submit_requirements(by, {"do it", {}, {}}, start); },
       {{side::buyer, {{status::awaiting_requirements, status::in_progress}}}}},
      {"deliver",
       [](order& o, side by) { return o.deliver(by, {"d9", "done", {}, {}}, start); },
       {{side::seller, {{status::in_progress, status::delivered}}}}},
      {"accept",
       [](order& o, side by) { return o.accept(by, start); },
       {{side::buyer, {{status::delivered, status::completed}}}}},
      {"cancel",
       [](order& o, side by) { return o.cancel(by, "no", start); },
       {{side::buyer,
         {{status::pending_payment, status::cancelled},
          {status::awaiting_requirements, status::cancelled}}}}},
  };
  return table;
}

TEST(order, every_action_in_every_state_by_everybody) {
  for (const auto& s : steps()) {
    for (auto from : all_states) {
      for (auto who : {side::buyer, side::seller, side::system}) {
        SCOPED_TRACE(s.name + " from " + std::string(to_string(from)) + " by " +
                     std::string(to_string(who)));
        auto o = order_in(from);
        o.raised.clear();
        auto revision = o.revision;
        auto done = s.act(o, who);
        auto theirs = s.allowed.find(who);
        if (theirs == s.allowed.end()) {
          ASSERT_TRUE(done.has_error());
          EXPECT_EQ(done.error().kind, errc::forbidden);
        } else if (auto to = theirs->second.find(from); to == theirs->second.end()) {
          ASSERT_TRUE(done.has_error());
          EXPECT_EQ(done.error().kind, errc::conflict);
          EXPECT_EQ(done.error().code, "wrong_state");
        } else {
          ASSERT_TRUE(done.has_value()) << done.error().detail;
          EXPECT_EQ(o.status, to->second);
          EXPECT_EQ(o.raised.size(), 1u);
          EXPECT_EQ(o.revision, revision + 1);
          continue;
        }
        EXPECT_EQ(o.status, from);
        EXPECT_TRUE(o.raised.empty());
        EXPECT_EQ(o.revision, revision);
      }
    }
  }
}

TEST(order, the_whole_story_raises_its_events_in_order) {
  auto o = order_in(status::completed);
  EXPECT_EQ(o.raised, (std::vector<std::string>{"orders.order.placed", "orders.order.paid",
                                                "orders.order.started", "orders.order.delivered",
                                                "orders.order.completed"}));
  ASSERT_EQ(o.timeline.size(), 5u);
  EXPECT_EQ(o.timeline.front().type, "placed");
  EXPECT_EQ(o.timeline.back().by, side::buyer);
  EXPECT_EQ(o.due_at, start + std::chrono::days(3));
  EXPECT_FALSE(o.wake_at);
}

TEST(order, an_unpaid_one_cancels_itself_after_an_hour) {
  auto o = placed();
  EXPECT_EQ(o.wake_at, start + minutes(60));
  EXPECT_FALSE(o.let_time_pass(start + minutes(60) - std::chrono::milliseconds(1)));
  EXPECT_TRUE(o.let_time_pass(start + minutes(60)));
  EXPECT_EQ(o.status, status::cancelled);
  EXPECT_EQ(o.raised.back(), "orders.order.cancelled");
  EXPECT_TRUE(o.ledger.empty());
  EXPECT_FALSE(o.wake_at);
  EXPECT_FALSE(o.let_time_pass(start + hours(99)));
}

TEST(order, an_expired_one_takes_no_payment_even_if_nobody_cancelled_it_yet) {
  auto o = placed();
  EXPECT_EQ(o.begin_attempt(side::buyer, trying("a1"), start + minutes(60)).error().code,
            "wrong_state");
}

TEST(order, a_delivered_one_completes_itself_after_three_days) {
  auto o = order_in(status::delivered);
  EXPECT_EQ(o.wake_at, start + hours(72));
  EXPECT_FALSE(o.let_time_pass(start + hours(71)));
  EXPECT_TRUE(o.let_time_pass(start + hours(72)));
  EXPECT_EQ(o.status, status::completed);
  EXPECT_EQ(o.timeline.back().by, side::system);
  EXPECT_GT(balance_of(o.ledger, account::seller), 0);
}

TEST(order, becomes_late_once_and_stays_so_when_delivered) {
  auto o = order_in(status::in_progress);
  EXPECT_FALSE(o.let_time_pass(*o.due_at));
  EXPECT_TRUE(o.let_time_pass(*o.due_at + std::chrono::milliseconds(1)));
  EXPECT_TRUE(o.late);
  EXPECT_EQ(o.raised.back(), "orders.order.late");
  EXPECT_FALSE(o.let_time_pass(*o.due_at + hours(1)));
  EXPECT_FALSE(o.wake_at);
  ASSERT_TRUE(o.deliver(side::seller, {"d", "sorry", {}, {}}, *o.due_at + hours(1)).has_value());
  EXPECT_TRUE(o.late);
}

TEST(order, a_late_delivery_is_late_before_anybody_looked) {
  auto o = order_in(status::in_progress);
  o.raised.clear();
  ASSERT_TRUE(o.deliver(side::seller, {"d", "sorry", {}, {}}, *o.due_at + hours(1)).has_value());
  EXPECT_EQ(o.raised, (std::vector<std::string>{"orders.order.late", "orders.order.delivered"}));
}

TEST(order, knows_its_people_and_nobody_else) {
  auto o = placed();
  EXPECT_EQ(o.side_of("b"), side::buyer);
  EXPECT_EQ(o.side_of("s"), side::seller);
  EXPECT_FALSE(o.side_of("x"));
  EXPECT_FALSE(o.side_of(""));
}

TEST(order, remembers_the_last_requests) {
  order o;
  for (int i = 0; i < 25; ++i) o.remember({"b", "k" + std::to_string(i), "d"});
  EXPECT_EQ(o.requests.size(), 20u);
  EXPECT_FALSE(o.was_done({"b", "k4", "d"}).value());
  EXPECT_TRUE(o.was_done({"b", "k5", "d"}).value());
  EXPECT_FALSE(o.was_done({"s", "k5", "d"}).value());
  EXPECT_EQ(o.was_done({"b", "k5", "other"}).error().code, "idempotency_mismatch");
  EXPECT_FALSE(o.was_done({"b", "", "d"}).value());
}

TEST(order, marks_each_side_s_review_once) {
  auto o = order_in(status::completed);
  EXPECT_TRUE(o.mark_reviewed(side::buyer, {"r1", 5}));
  EXPECT_FALSE(o.mark_reviewed(side::buyer, {"r1", 5}));
  EXPECT_TRUE(o.mark_reviewed(side::seller, {"r2", 4}));
  EXPECT_EQ(o.reviews.buyer->id, "r1");
  EXPECT_EQ(o.reviews.seller->rating, 4);
}

}  // namespace
}  // namespace oficio::orders
