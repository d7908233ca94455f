// Revisions, more time and cancelling together, over HTTP.
#include "market.hpp"

namespace oficio::orders {
namespace {

using testing_help::text_of;
using namespace std::chrono_literals;

class agreeing : public testing_help::market {
 protected:
  reply step(const identity& who, const std::string& id, const std::string& name,
             const std::string& body = "") {
    return post(who, "/orders/" + id + name, body);
  }
};

TEST_F(agreeing, a_revision_brings_the_work_back) {
  auto id = delivered_order();
  auto back = step(buyer_, id, "/revision", R"({"message": "A bit bluer"})");
  ASSERT_EQ(back.status, 200) << back.code();
  EXPECT_EQ(back.body.at("status"), "in_progress");
  EXPECT_EQ(back.body.at("revisions_left"), 1);
  EXPECT_EQ(back.body.at("revision_requests").at(0).at("message"), "A bit bluer");
  EXPECT_EQ(step(seller_, id, "/deliver", R"({"message": "Bluer"})").status, 200);
  EXPECT_EQ(step(buyer_, id, "/revision", R"({"message": "Bluest"})").status, 200);
  EXPECT_EQ(step(seller_, id, "/deliver", R"({"message": "Bluest"})").status, 200);
  auto refused = step(buyer_, id, "/revision", R"({"message": "More"})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "no_revisions_left");
}

TEST_F(agreeing, more_time_is_asked_for_and_given) {
  auto id = order_in_progress();
  raised();
  auto due = text_of(get(buyer_, "/orders/" + id).body.at("due_at"));
  auto asked = step(seller_, id, "/extension", R"({"days": 2, "reason": "A holiday"})");
  ASSERT_EQ(asked.status, 200) << asked.code();
  EXPECT_EQ(asked.body.at("extension"),
            (boost::json::object{{"days", 2}, {"reason", "A holiday"}, {"status", "open"}}));
  EXPECT_EQ(asked.body.at("due_at"), boost::json::string(due));
  EXPECT_EQ(step(seller_, id, "/extension/approve").status, 403);
  auto given = step(buyer_, id, "/extension/approve");
  ASSERT_EQ(given.status, 200);
  EXPECT_EQ(given.body.at("extension").at("status"), "approved");
  EXPECT_EQ(parse_time(text_of(given.body.at("due_at"))).value(),
            parse_time(due).value() + std::chrono::days(2));
  EXPECT_EQ(step(buyer_, id, "/extension/reject").code(), "no_extension");
  auto told = raised();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].type, "orders.order.extension_requested");
  EXPECT_EQ(told[0].data.at("by"), "seller");
  EXPECT_EQ(told[1].type, "orders.order.extension_answered");
  EXPECT_EQ(told[1].data.at("by"), "buyer");
}

TEST_F(agreeing, a_delivered_order_is_cancelled_by_both_and_paid_back) {
  auto id = delivered_order();
  raised();
  auto asked = step(buyer_, id, "/cancel", R"({"reason": "Not what I meant"})");
  EXPECT_EQ(asked.body.at("status"), "delivered");
  EXPECT_EQ(asked.body.at("cancellation").at("status"), "open");
  EXPECT_EQ(step(buyer_, id, "/cancel/approve").code(), "not_your_turn");
  EXPECT_EQ(step(seller_, id, "/cancel/reject").body.at("cancellation").at("status"), "rejected");
  EXPECT_EQ(step(seller_, id, "/cancel", R"({"reason": "I see it now"})").status, 200);
  auto off = step(buyer_, id, "/cancel/approve");
  EXPECT_EQ(off.body.at("status"), "cancelled");
  work_on_due();
  EXPECT_EQ(balance(), 0);
  EXPECT_EQ(raised_types(),
            (std::vector<std::string>{
                "orders.order.cancellation_requested", "orders.order.cancellation_answered",
                "orders.order.cancellation_requested", "orders.order.cancellation_answered",
                "orders.order.cancelled"}));
}

TEST_F(agreeing, a_late_order_is_the_buyer_s_to_cancel) {
  auto id = order_in_progress();
  EXPECT_EQ(step(buyer_, id, "/cancel", R"({"reason": "Too slow"})").body.at("status"),
            "in_progress");
  clock_.advance(std::chrono::days(3) + 1s);
  // Nobody has noticed the lateness yet; it counts all the same.
  EXPECT_EQ(step(buyer_, id, "/cancel", R"({"reason": "Too slow"})").body.at("status"),
            "cancelled");
  work_on_due();
  EXPECT_EQ(balance(), 0);
}

TEST_F(agreeing, the_seller_cancels_alone_before_the_first_delivery) {
  auto id = order_in_progress();
  auto off = step(seller_, id, "/cancel", R"({"reason": "I am ill"})");
  EXPECT_EQ(off.body.at("status"), "cancelled");
  EXPECT_EQ(off.body.at("cancellation").at("by"), "seller");
  work_on_due();
  EXPECT_EQ(balance(), 0);
}

}  // namespace
}  // namespace oficio::orders
