// Revisions, more time, and cancelling together.
#include "services/orders/agreement.hpp"

#include <gtest/gtest.h>

#include "order_fixture.hpp"

namespace oficio::orders {
namespace {

using namespace testing_help;
using std::chrono::days;
using std::chrono::hours;

delivery work() {
  return {"d", "here", {}, {}};
}

TEST(revision, takes_one_of_the_package_s_and_keeps_what_was_said) {
  auto o = order_in(status::delivered);
  ASSERT_TRUE(o.request_revision(side::buyer, "bluer", start + hours(1)).has_value());
  EXPECT_EQ(o.revisions_left, 0);
  ASSERT_EQ(o.revision_requests.size(), 1u);
  EXPECT_EQ(o.revision_requests[0].message, "bluer");
  ASSERT_TRUE(o.deliver(side::seller, work(), start + hours(2)).has_value());
  EXPECT_EQ(o.deliveries.size(), 2u);
  EXPECT_EQ(o.request_revision(side::buyer, "again", start + hours(3)).error().code,
            "no_revisions_left");
  EXPECT_EQ(o.revisions_left, 0);
}

TEST(revision, gives_back_the_time_that_the_work_lay_with_the_buyer) {
  auto o = order_in(status::in_progress);
  auto due = *o.due_at;
  ASSERT_TRUE(o.deliver(side::seller, work(), start + hours(10)).has_value());
  ASSERT_TRUE(o.request_revision(side::buyer, "bluer", start + hours(34)).has_value());
  EXPECT_EQ(*o.due_at, due + hours(24));
}

TEST(revision, comes_too_late_after_three_days_even_if_nobody_looked) {
  auto o = order_in(status::delivered);
  EXPECT_EQ(o.request_revision(side::buyer, "bluer", start + days(3)).error().code, "wrong_state");
  EXPECT_EQ(o.status, status::completed);
}

TEST(revision, starts_the_three_days_anew) {
  auto o = order_in(status::delivered);
  ASSERT_TRUE(o.request_revision(side::buyer, "bluer", start + hours(1)).has_value());
  ASSERT_TRUE(o.deliver(side::seller, work(), start + days(1)).has_value());
  EXPECT_FALSE(o.let_time_pass(start + days(4) - hours(1)));
  EXPECT_TRUE(o.let_time_pass(start + days(4)));
  EXPECT_EQ(o.status, status::completed);
}

TEST(extension, moves_the_due_date_only_when_approved) {
  auto o = order_in(status::in_progress);
  auto due = *o.due_at;
  ASSERT_TRUE(o.request_extension(side::seller, 2, "flu", start).has_value());
  EXPECT_EQ(*o.due_at, due);
  ASSERT_TRUE(o.answer_extension(side::buyer, false, start).has_value());
  EXPECT_EQ(*o.due_at, due);
  EXPECT_EQ(o.extension->status, agreement::rejected);
  EXPECT_EQ(o.answer_extension(side::buyer, true, start).error().code, "no_extension");
  ASSERT_TRUE(o.request_extension(side::seller, 5, "flu again", start).has_value());
  ASSERT_TRUE(o.answer_extension(side::buyer, true, start).has_value());
  EXPECT_EQ(*o.due_at, due + days(5));
  EXPECT_EQ(o.extension->status, agreement::approved);
  EXPECT_FALSE(o.let_time_pass(due + hours(1)));
  EXPECT_TRUE(o.let_time_pass(due + days(5) + hours(1)));
}

TEST(extension, takes_lateness_back_if_it_reaches_far_enough) {
  auto o = order_in(status::in_progress);
  auto when = *o.due_at + days(3);
  ASSERT_TRUE(o.request_extension(side::seller, 2, "flu", when).has_value());
  EXPECT_TRUE(o.late);
  ASSERT_TRUE(o.answer_extension(side::buyer, true, when).has_value());
  EXPECT_TRUE(o.late);
  ASSERT_TRUE(o.request_extension(side::seller, 2, "flu", when).has_value());
  ASSERT_TRUE(o.answer_extension(side::buyer, true, when).has_value());
  EXPECT_FALSE(o.late);
  EXPECT_EQ(o.wake_at, *o.due_at + std::chrono::milliseconds(1));
  EXPECT_TRUE(o.let_time_pass(*o.due_at + hours(1)));
  EXPECT_TRUE(o.late);
}

TEST(extension, lapses_with_the_delivery) {
  auto o = order_in(status::in_progress);
  ASSERT_TRUE(o.request_extension(side::seller, 2, "flu", start).has_value());
  ASSERT_TRUE(o.deliver(side::seller, work(), start).has_value());
  EXPECT_EQ(o.extension->status, agreement::lapsed);
  ASSERT_TRUE(o.request_revision(side::buyer, "bluer", start).has_value());
  EXPECT_EQ(o.answer_extension(side::buyer, true, start).error().code, "no_extension");
}

TEST(extension, can_be_asked_for_only_so_often) {
  auto o = order_in(status::in_progress);
  for (std::size_t i = 0; i < max_extensions; ++i) {
    ASSERT_TRUE(o.request_extension(side::seller, 1, "flu", start).has_value());
    ASSERT_TRUE(o.answer_extension(side::buyer, false, start).has_value());
  }
  EXPECT_EQ(o.request_extension(side::seller, 1, "flu", start).error().code, "too_many_extensions");
}

TEST(cancellation, approved_by_the_other_gives_everything_back) {
  auto o = order_in(status::delivered);
  ASSERT_TRUE(o.cancel(side::buyer, "not what I meant", start).has_value());
  EXPECT_EQ(o.status, status::delivered);
  EXPECT_EQ(o.cancellation->status, agreement::open);
  EXPECT_EQ(balance_of(o.ledger, account::escrow), o.total());
  ASSERT_TRUE(o.answer_cancellation(side::seller, true, start).has_value());
  EXPECT_EQ(o.status, status::cancelled);
  EXPECT_EQ(o.cancellation->status, agreement::approved);
  EXPECT_EQ(o.cancellation->by, side::buyer);
  EXPECT_EQ(balance_of(o.ledger, account::buyer), 0);
  EXPECT_EQ(balance_of(o.ledger, account::escrow), 0);
  EXPECT_EQ(o.last_attempt()->refund, refund_state::due);
}

TEST(cancellation, rejected_can_be_asked_for_again_but_only_so_often) {
  auto o = order_in(status::in_progress);
  for (std::size_t i = 0; i < max_cancellation_requests; ++i) {
    ASSERT_TRUE(o.cancel(side::buyer, "please", start).has_value());
    EXPECT_EQ(o.cancel(side::buyer, "please", start).error().code, "cancellation_open");
    ASSERT_TRUE(o.answer_cancellation(side::seller, false, start).has_value());
    EXPECT_EQ(o.cancellation->status, agreement::rejected);
  }
  EXPECT_EQ(o.cancel(side::buyer, "please", start).error().code, "too_many_cancellations");
}

TEST(cancellation, that_became_one_s_own_right_needs_no_answer_any_more) {
  auto o = order_in(status::in_progress);
  ASSERT_TRUE(o.cancel(side::buyer, "too slow", start).has_value());
  EXPECT_EQ(o.status, status::in_progress);
  ASSERT_TRUE(o.cancel(side::buyer, "far too slow", *o.due_at + hours(1)).has_value());
  EXPECT_EQ(o.status, status::cancelled);
  EXPECT_EQ(o.cancellation->reason, "far too slow");
  EXPECT_EQ(o.cancellation->status, agreement::approved);
}

TEST(cancellation, lapses_when_the_order_ends_otherwise) {
  auto o = order_in(status::delivered);
  ASSERT_TRUE(o.cancel(side::seller, "cannot go on", start).has_value());
  ASSERT_TRUE(o.accept(side::buyer, start).has_value());
  EXPECT_EQ(o.cancellation->status, agreement::lapsed);
  EXPECT_EQ(o.status, status::completed);
}

TEST(cancellation, work_that_came_late_is_not_taken_for_nothing) {
  auto o = order_in(status::in_progress);
  auto when = *o.due_at + hours(1);
  ASSERT_TRUE(o.deliver(side::seller, work(), when).has_value());
  ASSERT_TRUE(o.late);
  ASSERT_TRUE(o.cancel(side::buyer, "late", when).has_value());
  EXPECT_EQ(o.status, status::delivered);
  EXPECT_EQ(o.cancellation->status, agreement::open);
}

}  // namespace
}  // namespace oficio::orders
