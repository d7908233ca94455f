#include <algorithm>

#include <gtest/gtest.h>

#include "services/users/told_order.hpp"
#include "services/users/wordings.hpp"

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

std::string e_by;  // who did it

using heard = std::vector<std::pair<std::string, std::string>>;

heard kinds(const std::string& step, const told_order& o) {
  events::envelope e;
  e.id = "e1";
  e.type = "orders.order." + step;
  if (!e_by.empty()) e.data["by"] = e_by;
  heard out;
  for (const auto& [who, n] : notices_of(e, o)) out.emplace_back(who, n.kind);
  return out;
}

TEST(notices, go_to_the_right_side) {
  auto open = order();
  auto approved = order();
  auto rejected = order();
  open.extension = told_extension{2, "Ill", "open"};
  approved.extension = told_extension{2, "Ill", "approved"};
  rejected.extension = told_extension{2, "Ill", "rejected"};
  open.cancellation = told_cancellation{"seller", "Moving", "open"};
  approved.cancellation = told_cancellation{"buyer", "Moving", "approved"};
  rejected.cancellation = told_cancellation{"seller", "Moving", "rejected"};
  struct row {
    const char* step;
    told_order o;
    heard expected;
  };
  for (const auto& [step, o, expected] : std::vector<row>{
           {"placed", order(), {{"b", "order.placed"}}},
           {"paid", order(), {{"s", "order.paid"}, {"b", "order.receipt"}}},
           {"started", order(), {{"s", "order.started"}}},
           {"delivered", order(), {{"b", "order.delivered"}}},
           {"revision_requested", order(), {{"s", "order.revision_requested"}}},
           {"extension_requested", open, {{"b", "order.extension_requested"}}},
           {"extension_answered", approved, {{"s", "order.extension_approved"}}},
           {"extension_answered", rejected, {{"s", "order.extension_rejected"}}},
           {"cancellation_requested", open, {{"b", "order.cancellation_requested"}}},
           {"cancellation_requested", approved, {{"s", "order.cancellation_requested"}}},
           {"cancellation_answered", approved, {{"b", "order.cancellation_approved"}}},
           {"cancellation_answered", rejected, {{"s", "order.cancellation_rejected"}}},
           {"completed", order(), {{"b", "order.completed"}, {"s", "order.accepted"}}},
           {"late", order(), {{"s", "order.late"}, {"b", "order.overdue"}}},
           {"archived", order(), {}}}) {
    EXPECT_EQ(kinds(step, o), expected) << step;
  }
}

TEST(notices, quote_what_the_other_said) {
  auto o = order();
  o.extension = told_extension{1, "I am ill", "open"};
  o.deliveries = {{"First"}, {"Here it is"}};
  events::envelope e;
  e.type = "orders.order.extension_requested";
  auto asked = notices_of(e, o).at(0).second;
  EXPECT_EQ(asked.facts.at("quote"), "I am ill");
  EXPECT_EQ(text_of(asked, "en"), "sara asks for one more day for “An owl {actor}”. Do you agree?");
  asked.number = 3;
  EXPECT_EQ(text_of(asked, "es"), "sara pide 3 días más para «An owl {actor}». ¿Estás de acuerdo?");
  e.type = "orders.order.delivered";
  EXPECT_EQ(notices_of(e, o).at(0).second.facts.at("quote"), "Here it is");
}

TEST(notices, of_a_cancellation_go_to_who_does_not_know_it) {
  auto o = order();
  o.cancellation = told_cancellation{"buyer", "", "approved"};
  EXPECT_EQ(kinds("cancelled", o), heard{});
  o.timeline = {{"placed"}, {"paid"}};
  EXPECT_EQ(kinds("cancelled", o), (heard{{"s", "order.cancelled"}}));
  o.cancellation->by = "seller";
  EXPECT_EQ(kinds("cancelled", o), (heard{{"b", "order.cancelled"}}));
  o.cancellation->by = "system";
  EXPECT_EQ(kinds("cancelled", o), (heard{{"b", "order.cancelled"}, {"s", "order.cancelled"}}));
  e_by = "seller";
  o.cancellation->by = "buyer";
  EXPECT_EQ(kinds("cancelled", o), heard{});  // agreed: told as the answer
  e_by.clear();
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
  n.number = 4;
  EXPECT_EQ(text_of(n, "en"), "bruno reviewed you: 4 of 5.");
}

std::vector<std::string> places(std::string_view words) {
  std::vector<std::string> out;
  for (auto at = words.find('{'); at != std::string_view::npos; at = words.find('{', at + 1)) {
    out.emplace_back(words.substr(at, words.find('}', at) - at));
  }
  std::ranges::sort(out);
  return out;
}

TEST(notices, say_the_same_in_both_languages_and_belong_to_a_group) {
  for (const auto& w : all_wordings()) {
    EXPECT_NE(w.en, w.es) << w.kind;
    EXPECT_EQ(places(w.en), places(w.es)) << w.kind;
    EXPECT_EQ(places(w.en_one), places(w.es_one)) << w.kind;
    EXPECT_EQ(w.en_one.empty(), w.es_one.empty()) << w.kind;
    EXPECT_NE(find_group(group_of(w.kind)), nullptr) << w.kind;
    notice n{
        .kind = std::string(w.kind), .actor = "bruno", .title = "T", .amount = money{100, "USD"}};
    EXPECT_EQ(text_of(n, "en").find('{'), std::string::npos) << w.kind;
  }
}

TEST(notices, go_by_mail_only_to_confirmed_addresses_that_want_them) {
  profile p;
  p.id = "b";
  p.email = "b@example.com";
  notice n{.id = "e1",
           .kind = "order.delivered",
           .link = "/orders/o1",
           .at = *parse_time("2026-01-01T00:00:00Z"),
           .actor = "sara",
           .title = "An owl",
           .facts = {{"order_id", "o1"}}};
  auto channels = [&](const profile& to) {
    return json::to_text(told("a1", n, to, "sealed").data.at("channels"));
  };
  EXPECT_EQ(channels(p), R"({"email":false,"live":true})");
  p.email_verified = true;
  EXPECT_EQ(channels(p), R"({"email":true,"live":true})");
  p.notifications["order"] = {};
  EXPECT_EQ(channels(p), R"({"email":false,"live":false})");
  auto data = told("a1", n, p, "sealed").data;
  EXPECT_EQ(json::to_text(data.at("facts")),
            R"({"order_id":"o1","actor":"sara","title":"An owl"})");
  EXPECT_EQ(data.at("not_after"), "2026-01-02T00:00:00.000Z");
  EXPECT_EQ(data.at("notice").at("id"), "a1");
  EXPECT_EQ(data.at("unsubscribe"), "sealed");
  EXPECT_EQ(data.at("group"), "order");
}

TEST(notices, have_ways_that_they_never_take) {
  profile p;
  p.email_verified = true;
  auto channels = [&p](const char* kind) {
    return json::to_text(told("a1", {.kind = kind}, p, "").data.at("channels"));
  };
  EXPECT_EQ(channels("message.received"), R"({"email":false,"live":true})");
  EXPECT_EQ(channels("message.unread"), R"({"email":true,"live":false})");
  EXPECT_EQ(channels("gig.published"), R"({"email":false,"live":true})");
}

}  // namespace
}  // namespace oficio::users
