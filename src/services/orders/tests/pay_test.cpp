#include <future>

#include "market.hpp"

namespace oficio::orders {
namespace {

using testing_help::text_of;

using namespace std::chrono_literals;

constexpr const char* declined = "4000000000000002";
constexpr const char* two_steps = "4000000000003220";

class paying : public testing_help::market {
 protected:
  std::string unpaid() {
    publish_gig(gig_);
    auto id = place();
    raised();
    return id;
  }
  std::string status_of(const std::string& id) {
    return text_of(get(buyer_, "/orders/" + id).body.at("status"));
  }
  std::future<reply> pay_later(const std::string& id) {
    return send(buyer_, http::method::post, "/orders/" + id + "/pay",
                R"({"method": {"card": "4242424242424242", "expiry": "12/60", "cvc": "123"}})");
  }
  reply confirm(const std::string& id, const std::string& token) {
    return post(buyer_, "/orders/" + id + "/pay", R"({"confirm": ")" + token + R"("})");
  }
};

TEST_F(paying, a_declined_card_leaves_the_order_payable) {
  auto id = unpaid();
  auto refused = pay(id, declined);
  EXPECT_EQ(refused.status, 402);
  EXPECT_EQ(refused.code(), "card_declined");
  EXPECT_EQ(status_of(id), "pending_payment");
  EXPECT_EQ(pay(id).status, 200);
  EXPECT_EQ(charges(), 1);
}

TEST_F(paying, a_mistyped_card_is_told_and_leaves_the_order_payable) {
  auto id = unpaid();
  auto refused = pay(id, "4242424242424241");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.code(), "invalid_card");
  EXPECT_EQ(refused.body.at("errors").at(0).at("pointer"), "/method/card");
  EXPECT_EQ(pay(id).status, 200);
}

TEST_F(paying, a_second_step_completes_it) {
  auto id = unpaid();
  EXPECT_EQ(confirm(id, "early").code(), "no_confirmation");
  auto asked = pay(id, two_steps);
  ASSERT_EQ(asked.status, 202);
  EXPECT_EQ(asked.body.at("action").at("type"), "confirm");
  auto token = text_of(asked.body.at("action").at("token"));
  EXPECT_EQ(charges(), 0);
  EXPECT_EQ(confirm(id, "wrong").code(), "invalid_confirmation");
  EXPECT_EQ(status_of(id), "pending_payment");
  EXPECT_EQ(confirm(id, token).body.at("status"), "awaiting_requirements");
  EXPECT_EQ(charges(), 1);
}

TEST_F(paying, a_paid_order_is_not_paid_again) {
  auto id = unpaid();
  EXPECT_EQ(pay(id).status, 200);
  auto again = pay(id);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code(), "wrong_state");
  EXPECT_EQ(charges(), 1);
}

TEST_F(paying, a_repeated_request_is_answered_by_today_s_state) {
  auto id = unpaid();
  fields one{{"Idempotency-Key", "p1"}}, two{{"Idempotency-Key", "p2"}};
  EXPECT_EQ(pay(id, declined, one).status, 402);
  EXPECT_EQ(pay(id, declined, one).status, 402);
  auto asked = pay(id, two_steps, two);
  auto again = pay(id, two_steps, two);
  ASSERT_EQ(again.status, 202);
  EXPECT_EQ(again.body, asked.body);
  EXPECT_EQ(provider_->starts, 2);
  EXPECT_EQ(post(buyer_, "/orders/" + id + "/pay", R"({"confirm": "x"})", two).code(),
            "idempotency_mismatch");
}

TEST_F(paying, two_at_once_charge_once) {
  auto id = unpaid();
  provider_->hold = true;
  std::vector<std::future<reply>> racing;
  for (int i = 0; i < 6; ++i) racing.push_back(pay_later(id));
  while (provider_->held == 0) std::this_thread::sleep_for(1ms);
  auto during = pay(id);  // the charge is made, but not yet written: the provider tells
  EXPECT_TRUE(during.code() == "payment_in_progress" || during.code() == "wrong_state");
  provider_->hold = false;
  int succeeded = 0;
  for (auto& r : racing) {
    auto answered = r.get();
    succeeded += answered.status == 200;
    if (answered.status != 200) EXPECT_EQ(answered.status, 409) << answered.code();
  }
  EXPECT_EQ(succeeded, 1);
  EXPECT_EQ(charges(), 1);
  EXPECT_EQ(raised_types(), std::vector<std::string>{"orders.order.paid"});
}

TEST_F(paying, a_crash_after_the_charge_is_found_by_the_next_pay) {
  auto id = unpaid();
  provider_->crash_after = true;
  EXPECT_EQ(pay(id).status, 500);
  EXPECT_EQ(charges(), 1);
  provider_->crash_after = false;
  EXPECT_EQ(pay(id).code(), "wrong_state");
  EXPECT_EQ(status_of(id), "awaiting_requirements");
  EXPECT_EQ(charges(), 1);
}

TEST_F(paying, a_crash_after_the_charge_is_found_by_the_timer) {
  auto id = unpaid();
  provider_->crash_after = true;
  EXPECT_EQ(pay(id).status, 500);
  provider_->crash_after = false;
  work_on_due();
  EXPECT_EQ(status_of(id), "pending_payment");  // too young to be looked up
  clock_.advance(31s);
  work_on_due();
  EXPECT_EQ(status_of(id), "awaiting_requirements");
  EXPECT_EQ(charges(), 1);
  EXPECT_EQ(raised_types(), std::vector<std::string>{"orders.order.paid"});
}

TEST_F(paying, a_crash_before_the_charge_blocks_the_order_only_for_a_while) {
  auto id = unpaid();
  provider_->crash_before = true;
  EXPECT_EQ(pay(id).status, 500);
  provider_->crash_before = false;
  auto early = pay(id);
  EXPECT_EQ(early.code(), "payment_in_progress");
  EXPECT_FALSE(early.headers.get("Retry-After").empty());
  clock_.advance(31s);
  EXPECT_EQ(pay(id).status, 200);
  EXPECT_EQ(charges(), 1);
}

TEST_F(paying, with_the_provider_away_nothing_is_decided) {
  auto id = unpaid();
  provider_->away = true;
  EXPECT_EQ(pay(id).status, 503);
  clock_.advance(31s);
  work_on_due();
  EXPECT_EQ(pay(id).status, 503);
  provider_->away = false;
  // An attempt in trouble steps back behind others before it is tried again.
  work_on_due();
  EXPECT_EQ(pay(id).status, 200);
  EXPECT_EQ(charges(), 1);
}

TEST_F(paying, an_attempt_in_trouble_steps_back_before_it_is_tried_again) {
  auto id = unpaid();
  provider_->crash_after = true;
  EXPECT_EQ(pay(id).status, 500);
  provider_->crash_after = false;
  provider_->away = true;
  clock_.advance(31s);
  work_on_due();
  provider_->away = false;
  work_on_due();
  EXPECT_EQ(status_of(id), "pending_payment");
  clock_.advance(31s);
  work_on_due();
  EXPECT_EQ(status_of(id), "awaiting_requirements");
}

TEST_F(paying, paying_and_cancelling_at_once_never_keeps_money_for_nothing) {
  for (int round = 0; round < 10; ++round) {
    auto id = unpaid();
    auto paid = pay_later(id);
    auto cancelled = send(buyer_, http::method::post, "/orders/" + id + "/cancel",
                          R"({"reason": "second thoughts"})");
    paid.get();
    EXPECT_EQ(cancelled.get().status, 200);
    EXPECT_EQ(status_of(id), "cancelled");
    clock_.advance(31s);
    work_on_due();
    work_on_due();
    EXPECT_EQ(balance(), 0);
  }
}

TEST_F(paying, two_instances_do_what_is_due_once) {
  auto silent = delivered_order();
  auto unpaid_one = place();
  auto cancelled = paid_order();
  post(buyer_, "/orders/" + cancelled + "/cancel", R"({"reason": "no"})");
  raised();
  auto other = another_instance();
  clock_.advance(std::chrono::days(3));
  auto ctx = context::for_system();
  std::vector<std::future<result<void>>> racing;
  for (int i = 0; i < 3; ++i) {
    racing.push_back(spawn(service_.timers.at(0).run(ctx)));
    racing.push_back(spawn(other.timers.at(0).run(ctx)));
  }
  for (auto& r : racing) EXPECT_TRUE(r.get().has_value());
  EXPECT_EQ(status_of(silent), "completed");
  EXPECT_EQ(status_of(unpaid_one), "cancelled");
  EXPECT_EQ(balance(), 10'550);
  EXPECT_EQ(raised_types().size(), 2u);
  EXPECT_EQ(get(buyer_, "/orders/" + cancelled).body.at("timeline").as_array().size(), 4u);
}

TEST_F(paying, a_charge_that_comes_after_the_expiry_is_given_back) {
  auto id = unpaid();
  provider_->hold = true;
  auto slow = pay_later(id);
  while (provider_->held == 0) std::this_thread::sleep_for(1ms);
  clock_.advance(61min);
  // The timer finds the charge by itself while the request still waits.
  work_on_due();
  EXPECT_EQ(status_of(id), "cancelled");
  provider_->hold = false;
  auto told = slow.get();
  EXPECT_EQ(told.status, 409);
  EXPECT_EQ(told.code(), "wrong_state");
  work_on_due();
  EXPECT_EQ(charges(), 1);
  EXPECT_EQ(balance(), 0);
  EXPECT_EQ(raised_types(), std::vector<std::string>{"orders.order.cancelled"});
  EXPECT_EQ(get(buyer_, "/orders/" + id).body.at("timeline").as_array().back().at("type"),
            "refunded");
}

TEST_F(paying, cancelling_before_the_work_gives_everything_back_once) {
  auto id = unpaid();
  EXPECT_EQ(pay(id).status, 200);
  auto cancelled = post(buyer_, "/orders/" + id + "/cancel", R"({"reason": "changed my mind"})");
  EXPECT_EQ(cancelled.body.at("status"), "cancelled");
  EXPECT_EQ(cancelled.body.at("cancellation").at("reason"), "changed my mind");
  provider_->crash_before = true;
  work_on_due();
  EXPECT_EQ(balance(), 10'550);
  provider_->crash_before = false;
  clock_.advance(31s);
  work_on_due();
  work_on_due();
  EXPECT_EQ(balance(), 0);
  EXPECT_EQ(get(seller_, "/earnings").body.at("pending").at("amount"), 0);
  EXPECT_EQ(pay(id).code(), "wrong_state");
}

TEST_F(paying, an_unpaid_order_expires_once) {
  auto id = unpaid();
  clock_.advance(59min);
  work_on_due();
  EXPECT_EQ(status_of(id), "pending_payment");
  clock_.advance(1min);
  work_on_due();
  work_on_due();
  EXPECT_EQ(status_of(id), "cancelled");
  EXPECT_EQ(raised_types(), std::vector<std::string>{"orders.order.cancelled"});
}

TEST_F(paying, late_and_silent_orders_move_by_themselves) {
  auto id = order_in_progress();
  raised();
  clock_.advance(std::chrono::days(3) + 1s);
  work_on_due();
  EXPECT_TRUE(get(buyer_, "/orders/" + id).body.at("late").as_bool());
  EXPECT_EQ(post(seller_, "/orders/" + id + "/deliver", R"({"message": "sorry"})").status, 200);
  clock_.advance(std::chrono::days(3));
  work_on_due();
  EXPECT_EQ(status_of(id), "completed");
  EXPECT_EQ(raised_types(), (std::vector<std::string>{"orders.order.late", "orders.order.delivered",
                                                      "orders.order.completed"}));
  EXPECT_EQ(get(seller_, "/earnings").body.at("available").at("amount"), 8'000);
}

}  // namespace
}  // namespace oficio::orders
