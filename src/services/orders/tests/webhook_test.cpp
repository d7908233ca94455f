// What the payment provider tells by itself.
#include "market.hpp"
#include "platform/payments/signature.hpp"

namespace oficio::orders {
namespace {

using testing_help::text_of;
using namespace std::chrono_literals;

class webhook : public testing_help::market {
 protected:
  // An order whose charge was made, but the process ended before it was written down.
  std::string half_paid() {
    publish_gig(gig_);
    auto id = place();
    provider_->crash_after = true;
    EXPECT_EQ(pay(id).status, 500);
    provider_->crash_after = false;
    return id;
  }
  std::string told(const std::string& type, const std::string& attempt) {
    return R"({"id": "n1", "type": ")" + type + R"(", "attempt_id": ")" + attempt + R"("})";
  }
  reply tell_us(const std::string& body) {
    return post(
        {}, "/payments/webhook", body,
        {{"Sandbox-Signature", payments::sign(testing_help::webhook_key, body, clock_.now())}});
  }
  std::string status_of(const std::string& id) {
    return text_of(get(buyer_, "/orders/" + id).body.at("status"));
  }
};

TEST_F(webhook, a_charge_that_nobody_wrote_down_pays_the_order_once) {
  auto id = half_paid();
  auto body = told("charge.succeeded", id + ".1");
  raised();
  EXPECT_EQ(tell_us(body).status, 204);
  EXPECT_EQ(status_of(id), "awaiting_requirements");
  EXPECT_EQ(tell_us(body).status, 204);
  EXPECT_EQ(raised_types(), std::vector<std::string>{"orders.order.paid"});
  EXPECT_EQ(tell_us(told("charge.declined", id + ".1")).status, 204);
  EXPECT_EQ(status_of(id), "awaiting_requirements");
  EXPECT_EQ(charges(), 1);
  EXPECT_EQ(get(seller_, "/earnings").body.at("pending").at("amount"), 8'000);
}

TEST_F(webhook, a_charge_of_a_cancelled_order_is_given_back) {
  auto id = half_paid();
  EXPECT_EQ(post(buyer_, "/orders/" + id + "/cancel", R"({"reason": "no"})").status, 200);
  EXPECT_EQ(tell_us(told("charge.succeeded", id + ".1")).status, 204);
  EXPECT_EQ(status_of(id), "cancelled");
  work_on_due();
  EXPECT_EQ(charges(), 1);
  EXPECT_EQ(balance(), 0);
}

TEST_F(webhook, a_decline_opens_the_order_for_another_card) {
  auto id = half_paid();
  EXPECT_EQ(tell_us(told("charge.declined", id + ".1")).status, 204);
  EXPECT_EQ(status_of(id), "pending_payment");
  EXPECT_EQ(pay(id).status, 200);
}

TEST_F(webhook, a_refund_is_noted_once) {
  auto id = paid_order();
  EXPECT_EQ(post(buyer_, "/orders/" + id + "/cancel", R"({"reason": "no"})").status, 200);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(tell_us(told("refund.succeeded", id + ".1")).status, 204);
  auto o = get(buyer_, "/orders/" + id);
  EXPECT_EQ(o.body.at("timeline").as_array().size(), 4u);
  EXPECT_EQ(o.body.at("timeline").as_array().back().at("type"), "refunded");
}

TEST_F(webhook, what_is_not_ours_or_not_known_changes_nothing) {
  auto id = half_paid();
  for (const auto& body : {told("charge.succeeded", "somebody-else.1"),
                           told("charge.succeeded", "x"), told("charge.succeeded", id + ".2"),
                           told("charge.disputed", id + ".1"), told("charge.succeeded", id)}) {
    EXPECT_EQ(tell_us(body).status, 204) << body;
  }
  EXPECT_EQ(status_of(id), "pending_payment");
}

TEST_F(webhook, only_the_provider_is_heard) {
  auto id = half_paid();
  auto body = told("charge.succeeded", id + ".1");
  auto good = payments::sign(testing_help::webhook_key, body, clock_.now());
  auto send = [&](const std::string& signature, const std::string& text) {
    return post(buyer_, "/payments/webhook", text, {{"Sandbox-Signature", signature}});
  };
  EXPECT_EQ(post({}, "/payments/webhook", body).code(), "bad_signature");
  EXPECT_EQ(send("t=1,v1=00", body).status, 401);
  EXPECT_EQ(send(payments::sign("guessed", body, clock_.now()), body).code(), "bad_signature");
  EXPECT_EQ(send(good, body + " ").code(), "bad_signature");
  EXPECT_EQ(status_of(id), "pending_payment");
  clock_.advance(6min);
  EXPECT_EQ(send(good, body).code(), "old_signature");
  EXPECT_EQ(status_of(id), "pending_payment");
}

TEST_F(webhook, nonsense_that_is_signed_is_refused) {
  EXPECT_EQ(tell_us("{").status, 400);
  EXPECT_EQ(tell_us("[]").code(), "malformed_notice");
  EXPECT_EQ(tell_us(R"({"type": "charge.succeeded"})").code(), "malformed_notice");
  EXPECT_EQ(tell_us(R"({"type": 5, "attempt_id": []})").code(), "malformed_notice");
}

}  // namespace
}  // namespace oficio::orders
