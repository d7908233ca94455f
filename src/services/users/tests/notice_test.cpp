#include <gtest/gtest.h>

#include "services/users/told_order.hpp"

namespace oficio::users {
namespace {

told_order order() {
  told_order o;
  o.id = "o1";
  o.buyer = {"b", "bruno"};
  o.seller = {"s", "sara"};
  o.gig_title = "An owl {actor}";
  o.price = {5000, "USD"};
  o.total = {5475, "USD"};
  return o;
}

using heard = std::vector<std::pair<std::string, std::string>>;

heard kinds(const std::string& step, const told_order& o) {
  events::envelope e;
  e.id = "e1";
  e.type = "orders.order." + step;
  heard out;
  for (const auto& [who, n] : notices_of(e, o)) out.emplace_back(who, n.kind);
  return out;
}

TEST(notices, go_to_the_right_side) {
  EXPECT_EQ(kinds("placed", order()), (heard{{"b", "order.placed"}}));
  EXPECT_EQ(kinds("paid", order()), (heard{{"s", "order.paid"}}));
  EXPECT_EQ(kinds("started", order()), (heard{{"s", "order.started"}}));
  EXPECT_EQ(kinds("delivered", order()), (heard{{"b", "order.delivered"}}));
  EXPECT_EQ(kinds("completed", order()),
            (heard{{"b", "order.completed"}, {"s", "order.accepted"}}));
  EXPECT_EQ(kinds("late", order()), heard{});
}

TEST(notices, of_a_cancellation_go_to_who_does_not_know_it) {
  auto o = order();
  o.cancellation = told_cancellation{"buyer"};
  EXPECT_EQ(kinds("cancelled", o), heard{});
  o.timeline = {{"placed"}, {"paid"}};
  EXPECT_EQ(kinds("cancelled", o), (heard{{"s", "order.cancelled"}}));
  o.cancellation->by = "seller";
  EXPECT_EQ(kinds("cancelled", o), (heard{{"b", "order.cancelled"}}));
  o.cancellation->by = "system";
  EXPECT_EQ(kinds("cancelled", o), (heard{{"b", "order.cancelled"}, {"s", "order.cancelled"}}));
  o.timeline.clear();
  o.cancellation.reset();
  EXPECT_EQ(kinds("cancelled", o), (heard{{"b", "order.expired"}}));
}

TEST(notices, speak_the_persons_language) {
  notice n{.kind = "order.paid",
           .actor = "bruno",
           .title = "An owl {actor}",
           .amount = money{123405, "USD"}};
  EXPECT_EQ(text_of(n, "en"), "bruno ordered “An owl {actor}” for 1234.05 USD.");
  EXPECT_EQ(text_of(n, "es"), "bruno ha pedido «An owl {actor}» por 1234,05 USD.");
  EXPECT_EQ(text_of(n, "fr"), text_of(n, "en"));
  n.kind = "review.received";
  n.rating = 4;
  EXPECT_EQ(text_of(n, "en"), "bruno reviewed you: 4 of 5.");
}

TEST(notices, have_words_for_every_kind) {
  auto o = order();
  o.timeline = {{"paid"}};
  for (auto step : {"placed", "paid", "started", "delivered", "completed", "cancelled"}) {
    events::envelope e;
    e.type = std::string("orders.order.") + step;
    for (const auto& [who, n] : notices_of(e, o)) {
      EXPECT_FALSE(text_of(n, "en").empty());
      EXPECT_NE(text_of(n, "en"), text_of(n, "es"));
    }
  }
}

TEST(notices, go_by_mail_only_to_confirmed_addresses_that_want_them) {
  profile p;
  p.id = "b";
  p.email = "b@example.com";
  notice n{.id = "e1",
           .kind = "order.delivered",
           .link = "/orders/o1",
           .actor = "sara",
           .title = "An owl",
           .facts = {{"order_id", "o1"}}};
  auto entry = entry_of(n, p, *parse_time("2026-01-01T00:00:00Z"));
  auto channels = [&](const profile& to) {
    return json::to_text(told(entry, n, to).data.at("channels"));
  };
  EXPECT_EQ(channels(p), R"({"email":false,"live":true})");
  p.email_verified = true;
  EXPECT_EQ(channels(p), R"({"email":true,"live":true})");
  p.notifications["order"] = {};
  EXPECT_EQ(channels(p), R"({"email":false,"live":false})");
  auto data = told(entry, n, p).data;
  EXPECT_EQ(json::to_text(data.at("facts")),
            R"({"order_id":"o1","actor":"sara","title":"An owl"})");
  EXPECT_EQ(data.at("not_after"), "2026-01-02T00:00:00.000Z");
  EXPECT_EQ(data.at("notice").at("id"), json::value(entry.id));
}

}  // namespace
}  // namespace oficio::users
