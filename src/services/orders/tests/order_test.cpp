#include "services/orders/order.hpp"

#include <gtest/gtest.h>

#include "order_fixture.hpp"

namespace oficio::orders {
namespace {

using namespace testing_help;
using std::chrono::hours;
using std::chrono::minutes;

TEST(order, the_whole_story_raises_its_events_in_order) {
  auto o = order_in(status::completed);
  EXPECT_EQ(raised_types(o), (std::vector<std::string>{
                                 "orders.order.placed", "orders.order.paid", "orders.order.started",
                                 "orders.order.delivered", "orders.order.completed"}));
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
  EXPECT_EQ(o.raised.back().type, "orders.order.cancelled");
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
  EXPECT_EQ(o.raised.back().type, "orders.order.late");
  EXPECT_FALSE(o.let_time_pass(*o.due_at + hours(1)));
  EXPECT_FALSE(o.wake_at);
  ASSERT_TRUE(o.deliver(side::seller, {"d", "sorry", {}, {}}, *o.due_at + hours(1)).has_value());
  EXPECT_TRUE(o.late);
}

TEST(order, a_late_delivery_is_late_before_anybody_looked) {
  auto o = order_in(status::in_progress);
  o.raised.clear();
  ASSERT_TRUE(o.deliver(side::seller, {"d", "sorry", {}, {}}, *o.due_at + hours(1)).has_value());
  EXPECT_EQ(raised_types(o),
            (std::vector<std::string>{"orders.order.late", "orders.order.delivered"}));
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
