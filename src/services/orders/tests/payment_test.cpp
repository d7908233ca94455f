#include "services/orders/payment.hpp"

#include <random>

#include <gtest/gtest.h>

#include "order_fixture.hpp"

namespace oficio::orders {
namespace {

using namespace testing_help;
using payments::outcome;
using std::chrono::minutes;

TEST(fees, are_what_the_contract_says) {
  EXPECT_EQ(buyer_fee(12'500), 688);  // 687.5 rounds up
  EXPECT_EQ(buyer_fee(7'500), 413);   // 412.5
  EXPECT_EQ(buyer_fee(7'499), 612);   // 412.445 + 200
  EXPECT_EQ(buyer_fee(500), 228);     // 27.5 + 200
  EXPECT_EQ(seller_share(12'500), 10'000);
  EXPECT_EQ(seller_share(503), 402);  // the platform's 100.6 rounds to 101
}

std::int64_t sum_of(const order& o) {
  std::int64_t sum = 0;
  for (const auto& line : o.ledger) sum += line.amount;
  return sum;
}

TEST(ledger, sums_to_zero_and_leaves_nothing_in_escrow_whatever_the_price) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> price(500, 20'000'000);
  for (int i = 0; i < 2'000; ++i) {
    auto o = paid(price(random));
    ASSERT_EQ(sum_of(o), 0);
    ASSERT_EQ(balance_of(o.ledger, account::escrow), o.total());

    auto cancelled = o;
    cancelled.cancel(side::buyer, "no", start).value();
    ASSERT_EQ(sum_of(cancelled), 0);
    ASSERT_EQ(balance_of(cancelled.ledger, account::buyer), 0);
    ASSERT_EQ(balance_of(cancelled.ledger, account::escrow), 0);

    o.submit_requirements(side::buyer, {"t", {}, {}}, start).value();
    o.deliver(side::seller, {"d", "m", {}, {}}, start).value();
    o.accept(side::buyer, start).value();
    ASSERT_EQ(sum_of(o), 0);
    ASSERT_EQ(balance_of(o.ledger, account::escrow), 0);
    ASSERT_EQ(balance_of(o.ledger, account::seller), seller_share(o.price));
    ASSERT_EQ(balance_of(o.ledger, account::platform), o.price - seller_share(o.price) + o.fee);
    ASSERT_EQ(balance_of(o.ledger, account::buyer), -o.total());
  }
}

TEST(payment, only_one_attempt_is_at_the_provider_at_a_time) {
  auto o = placed();
  ASSERT_TRUE(o.begin_attempt(side::buyer, trying("a1"), start).has_value());
  EXPECT_EQ(o.wake_at, start + attempt_patience);
  EXPECT_EQ(o.begin_attempt(side::buyer, trying("a2"), start).error().code, "payment_in_progress");
  EXPECT_EQ(o.begin_confirmation(side::buyer, start).error().code, "payment_in_progress");
}

TEST(payment, a_declined_order_stays_payable) {
  auto o = placed();
  ASSERT_TRUE(o.begin_attempt(side::buyer, trying("a1"), start).has_value());
  auto declined = charged("a1", outcome::declined);
  declined.decline_code = "insufficient_funds";
  EXPECT_TRUE(o.settle(declined, start));
  EXPECT_EQ(o.status, status::pending_payment);
  EXPECT_EQ(o.last_attempt()->decline_code, "insufficient_funds");
  EXPECT_TRUE(o.ledger.empty());
  ASSERT_TRUE(o.begin_attempt(side::buyer, trying("a2"), start).has_value());
  EXPECT_TRUE(o.settle(charged("a2"), start));
  EXPECT_EQ(o.status, status::awaiting_requirements);
}

TEST(payment, the_same_outcome_twice_changes_nothing) {
  auto o = paid();
  auto lines = o.ledger.size();
  EXPECT_FALSE(o.settle(charged("a1"), start));
  EXPECT_FALSE(o.settle(charged("a1", outcome::declined), start));
  EXPECT_FALSE(o.settle(charged("unknown"), start));
  EXPECT_EQ(o.ledger.size(), lines);
}

TEST(payment, a_confirmation_goes_to_the_waiting_attempt) {
  auto o = placed();
  EXPECT_EQ(o.begin_confirmation(side::buyer, start).error().code, "no_confirmation");
  ASSERT_TRUE(o.begin_attempt(side::buyer, trying("a1"), start).has_value());
  EXPECT_TRUE(o.settle(charged("a1", outcome::needs_confirmation), start));
  EXPECT_EQ(o.wake_at, start + time_to_pay);
  EXPECT_EQ(o.begin_confirmation(side::buyer, start).value(), "a1");
  EXPECT_TRUE(o.settle(charged("a1"), start));
  EXPECT_EQ(o.status, status::awaiting_requirements);
}

TEST(payment, a_new_card_gives_up_the_attempt_that_waits_for_a_confirmation) {
  auto o = placed();
  ASSERT_TRUE(o.begin_attempt(side::buyer, trying("a1"), start).has_value());
  o.settle(charged("a1", outcome::needs_confirmation), start);
  ASSERT_TRUE(o.begin_attempt(side::buyer, trying("a2"), start).has_value());
  EXPECT_EQ(o.find_attempt("a1")->state, attempt_state::failed);
}

TEST(payment, a_charge_on_a_cancelled_order_is_given_back) {
  auto o = placed();
  ASSERT_TRUE(o.begin_attempt(side::buyer, trying("a1"), start).has_value());
  ASSERT_TRUE(o.let_time_pass(start + minutes(60)));
  EXPECT_TRUE(o.settle(charged("a1"), start + minutes(61)));
  EXPECT_EQ(o.status, status::cancelled);
  EXPECT_EQ(sum_of(o), 0);
  EXPECT_EQ(balance_of(o.ledger, account::buyer), 0);
  EXPECT_EQ(o.last_attempt()->refund, refund_state::due);
  EXPECT_EQ(o.wake_at, start + minutes(61));
  EXPECT_TRUE(o.refunded("a1", start + minutes(62)));
  EXPECT_FALSE(o.refunded("a1", start + minutes(62)));
  EXPECT_FALSE(o.wake_at);
}

TEST(payment, a_second_charge_is_given_back_and_the_first_is_kept) {
  auto o = placed();
  ASSERT_TRUE(o.begin_attempt(side::buyer, trying("a1"), start).has_value());
  ASSERT_TRUE(o.fail("a1", start));
  ASSERT_TRUE(o.begin_attempt(side::buyer, trying("a2"), start).has_value());
  EXPECT_TRUE(o.settle(charged("a2"), start));
  EXPECT_TRUE(o.settle(charged("a1"), start));  // it had been charged after all
  EXPECT_EQ(o.find_attempt("a1")->refund, refund_state::due);
  EXPECT_EQ(o.find_attempt("a2")->refund, refund_state::none);
  EXPECT_EQ(balance_of(o.ledger, account::escrow), o.total());
}

TEST(payment, cancelling_a_paid_order_gives_all_back_with_the_fee) {
  auto o = paid();
  ASSERT_TRUE(o.cancel(side::buyer, "changed my mind", start).has_value());
  EXPECT_EQ(o.last_attempt()->refund, refund_state::due);
  EXPECT_EQ(balance_of(o.ledger, account::buyer), 0);
  EXPECT_EQ(o.cancellation->reason, "changed my mind");
}

TEST(payment, a_provider_in_trouble_is_asked_ever_more_rarely) {
  auto o = placed();
  ASSERT_TRUE(o.begin_attempt(side::buyer, trying("a1"), start).has_value());
  auto now = start + attempt_patience;
  for (std::int64_t seconds : {30, 60, 120, 240, 480, 960, 1'920, 1'920}) {
    o.step_back("a1", now);
    EXPECT_EQ(o.last_attempt()->check_at, now + std::chrono::seconds(seconds));
    now = *o.last_attempt()->check_at;
  }
  EXPECT_TRUE(o.settle(charged("a1"), now));  // by now it is too late
  EXPECT_EQ(o.last_attempt()->refund, refund_state::due);
  o.step_back("a1", now);
  EXPECT_EQ(o.last_attempt()->check_at, now + std::chrono::seconds(30));
}

TEST(payment, an_order_takes_a_bounded_number_of_attempts) {
  auto o = placed();
  for (std::size_t i = 0; i < max_attempts; ++i) {
    auto id = "a" + std::to_string(i);
    ASSERT_TRUE(o.begin_attempt(side::buyer, trying(id), start).has_value());
    o.settle(charged(id, outcome::declined), start);
  }
  EXPECT_EQ(o.begin_attempt(side::buyer, trying("more"), start).error().code, "too_many_attempts");
}

}  // namespace
}  // namespace oficio::orders
