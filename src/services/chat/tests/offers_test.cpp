#include <algorithm>

#include <gmock/gmock.h>

#include "fixture.hpp"
#include "services/chat/events.hpp"

namespace oficio::chat {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class offers : public chat_test {
 protected:
  offers() : conversation_(begin()) { tell_of_gig(1); }

  messenger& own() { return *std::static_pointer_cast<messenger>(service_.state); }

  void tell_of_gig(std::int64_t version, std::string type = "gigs.gig.published",
                   std::string title = "I will draw a fine logo") {
    events::envelope e;
    e.type = std::move(type);
    e.data = {{"version", version},
              {"gig", json::object{{"id", gig_},
                                   {"seller", json::object{{"id", ben_.sub}}},
                                   {"title", std::move(title)}}}};
    ASSERT_TRUE(run(on_gig(own(), e, context::for_system())));
  }
  void tell_of_order(std::string offer_id) {
    events::envelope e;
    e.type = "orders.order.placed";
    e.data = {{"version", 1},
              {"order", json::object{{"id", uuid_v7(clock_.now())}, {"offer_id", offer_id}}}};
    EXPECT_TRUE(run(on_order_placed(own(), e, context::for_system())));
  }

  json::object terms() const {
    return {{"gig_id", gig_},
            {"title", "Three logos"},
            {"description", "Three drafts and two rounds"},
            {"price", json::object{{"amount", 12'500}, {"currency", "USD"}}},
            {"delivery_days", 5},
            {"revisions", 2}};
  }
  answer make(const json::object& terms, const identity& by) {
    return post("/conversations/" + conversation_ + "/offers", by,
                json::to_text(json::value(terms)));
  }
  answer make() { return make(terms(), ben_); }
  // An empty code when it went well.
  std::string close(const std::string& id, const std::string& how, const identity& by) {
    auto got = post("/offers/" + id + "/" + how, by, "");
    return got.status == 200 ? "" : std::to_string(got.status) + " " + got.text("code");
  }
  std::string status_of(const std::string& id) {
    auto all = get("/conversations/" + conversation_ + "/messages", ana_);
    for (const auto& m : all["items"].as_array()) {
      const auto& o = m.as_object().at("offer");
      if (o.is_object() && o.at("id") == json::value(id))
        return std::string(o.at("status").as_string());
    }
    return "none";
  }
  std::vector<std::string> told_types() {
    std::vector<std::string> out;
    for (const auto& e : relay()) out.push_back(e.type);
    return out;
  }

  std::string gig_ = uuid_v5("gig");
  std::string conversation_;
};

TEST_F(offers, are_messages_of_the_conversation) {
  auto made = make();
  ASSERT_EQ(made.status, 201) << json::to_text(made.body);
  const auto& o = made["offer"].as_object();
  EXPECT_EQ(made["seq"], 1);
  EXPECT_EQ(made["text"], "Three logos");
  EXPECT_EQ(o.at("id"), made["id"]);
  EXPECT_EQ(o.at("gig_id"), json::value(gig_));
  EXPECT_EQ(o.at("seller_id"), json::value(ben_.sub));
  EXPECT_EQ(o.at("buyer_id"), json::value(ana_.sub));
  EXPECT_EQ(o.at("price"), (json::object{{"amount", 12'500}, {"currency", "USD"}}));
  EXPECT_EQ(o.at("status"), "open");
  auto listed = get("/conversations/" + conversation_ + "/messages", ana_);
  EXPECT_EQ(listed["items"].as_array().at(0), made.body);
  EXPECT_EQ(unread(conversation_, ana_), 1);
}

TEST_F(offers, are_told_with_their_parties_and_the_state_after) {
  auto made = make();
  auto told = relay();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].type, "chat.message.sent");
  EXPECT_EQ(told[1].type, "chat.offer.made");
  EXPECT_EQ(told[1].subject, made.text("id"));
  EXPECT_EQ(told[1].version(), 1);
  EXPECT_EQ(told[1].data.at("offer"), made["offer"]);
  EXPECT_EQ(told[1].data.at("seller").at("username"), "Ben");
  EXPECT_EQ(told[1].data.at("buyer").at("id"), json::value(ana_.sub));
  EXPECT_EQ(told[1].data.at("concerns").as_array().size(), 2U);
  EXPECT_EQ(close(made.text("id"), "decline", ana_), "");
  EXPECT_EQ(close(made.text("id"), "decline", ana_), "");  // again is no news
  told = relay();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].type, "chat.offer.declined");
  EXPECT_EQ(told[0].version(), 2);
  EXPECT_EQ(told[0].data.at("offer").at("status"), "declined");
}

TEST_F(offers, are_found_by_their_ids_by_their_two_people) {
  auto made = make();
  auto id = made.text("id");
  for (int i = 0; i < 120; ++i) say(conversation_, ana_, "and another thing " + std::to_string(i));
  for (const auto& who : {ana_, ben_}) EXPECT_EQ(get("/offers/" + id, who).body, made["offer"]);
  EXPECT_EQ(get("/offers/" + id, eva_).status, 404);
  EXPECT_EQ(get("/offers/" + uuid_v5("none"), ana_).status, 404);
  EXPECT_EQ(get("/offers/" + say(conversation_, ana_, "no offer").text("id"), ana_).status, 404);
  clock_.advance(8 * 24h);
  EXPECT_EQ(get("/offers/" + id, ana_)["status"], "expired");
}

TEST_F(offers, lead_to_the_order_that_they_became) {
  auto id = make().text("id");
  EXPECT_TRUE(get("/offers/" + id, ana_)["order_id"].is_null());
  auto order = uuid_v5("order");
  events::envelope e;
  e.type = "orders.order.placed";
  e.data = {{"version", 1}, {"order", json::object{{"id", order}, {"offer_id", id}}}};
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(run(on_order_placed(own(), e, context::for_system())));
  EXPECT_EQ(get("/offers/" + id, ana_)["status"], "ordered");
  EXPECT_EQ(get("/offers/" + id, ben_)["order_id"], json::value(order));
}

TEST_F(offers, without_a_title_have_that_of_their_gig) {
  tell_of_gig(2, "gigs.gig.updated", "I will draw a better logo");
  tell_of_gig(1, "gigs.gig.published", "late news");
  auto said = terms();
  said.erase("title");
  EXPECT_EQ(make(said, ben_)["offer"].at("title"), "I will draw a better logo");
}

TEST_F(offers, are_closed_by_the_right_side_once) {
  auto first = make().text("id");
  EXPECT_EQ(close(first, "decline", ben_), "403 not_your_turn");
  EXPECT_EQ(close(first, "withdraw", ana_), "403 not_your_turn");
  EXPECT_EQ(close(first, "withdraw", eva_), "404 not_found");
  EXPECT_EQ(close(uuid_v5("none"), "withdraw", ben_), "404 not_found");
  EXPECT_EQ(close(first, "withdraw", ben_), "");
  EXPECT_EQ(close(first, "decline", ana_), "409 offer_closed");
  EXPECT_EQ(status_of(first), "withdrawn");
  auto plain = say(conversation_, ben_, "no offer").text("id");
  EXPECT_EQ(close(plain, "withdraw", ben_), "404 not_found");
  EXPECT_THAT(told_types(), ElementsAre("chat.message.sent", "chat.offer.made",
                                        "chat.offer.withdrawn", "chat.message.sent"));
}

TEST_F(offers, expire_by_the_clock_whether_or_not_it_is_written_down) {
  auto said = terms();
  said["expires_in"] = 3'600;
  auto id = make(said, ben_).text("id");
  auto later = make().text("id");
  clock_.advance(59min);
  EXPECT_EQ(status_of(id), "open");
  clock_.advance(1min);
  EXPECT_EQ(status_of(id), "expired");
  EXPECT_EQ(close(id, "withdraw", ben_), "409 offer_closed");
  auto last = [&] {
    return get("/conversations", ana_)["items"].as_array().at(0).at("last_message");
  };
  EXPECT_EQ(last().at("offer").at("status"), "open");
  auto due = std::ranges::find(service_.timers, "chat.due", &hosting::timer_job::name);
  ASSERT_NE(due, service_.timers.end());
  EXPECT_TRUE(run(due->run(context::for_system())));
  auto left = run(own().store().due_offers(context::for_system(), identity::system(), 10));
  EXPECT_TRUE(left.value().empty());
  EXPECT_EQ(status_of(id), "expired");
  EXPECT_EQ(status_of(later), "open");
  clock_.advance(std::chrono::days(7));
  EXPECT_EQ(last().at("offer").at("status"), "expired");
}

TEST_F(offers, that_are_ordered_are_so_whatever_was_said_before) {
  auto id = make().text("id");
  tell_of_order(id);
  tell_of_order(id);
  EXPECT_EQ(status_of(id), "ordered");
  EXPECT_EQ(close(id, "withdraw", ben_), "409 offer_closed");
  auto crossed = make().text("id");
  EXPECT_EQ(close(crossed, "decline", ana_), "");
  tell_of_order(crossed);
  EXPECT_EQ(status_of(crossed), "ordered");
  tell_of_order(uuid_v5("somebody else's"));
  auto seen = get("/conversations/" + conversation_, ana_);
  EXPECT_EQ(seen["last_message"].at("offer").at("status"), "ordered");
}

TEST_F(offers, are_made_about_ones_own_gigs_in_ones_own_conversations) {
  EXPECT_EQ(make(terms(), ana_).text("code"), "not_yours");
  EXPECT_EQ(make(terms(), eva_).status, 404);
  auto unknown = terms();
  unknown["gig_id"] = json::value(uuid_v5("none"));
  EXPECT_EQ(make(unknown, ben_).status, 404);
  tell_of_gig(3, "gigs.gig.paused");
  EXPECT_EQ(make().status, 201);
  tell_of_gig(4, "gigs.gig.removed", "");
  auto removed = make();
  EXPECT_EQ(removed.status, 409);
  EXPECT_EQ(removed["code"], "gig_removed");
}

TEST_F(offers, that_are_sent_twice_are_made_once) {
  auto said = terms();
  said["client_id"] = "k";
  auto first = make(said, ben_);
  clock_.advance(1s);
  auto again = make(said, ben_);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  said["delivery_days"] = 6;
  EXPECT_EQ(make(said, ben_)["code"], "idempotency_mismatch");
}

struct wrong_terms {
  std::string name;
  json::value value;
  std::string pointer;
};

TEST_F(offers, with_impossible_terms_are_refused_by_name) {
  auto dollars = [](std::int64_t amount, std::string currency = "USD") {
    return json::value(json::object{{"amount", amount}, {"currency", std::move(currency)}});
  };
  auto at = [&](std::chrono::seconds ahead) { return json::to_value(clock_.now() + ahead); };
  const std::vector<wrong_terms> all{
      {"gig_id", "1; DROP TABLE gigs", "/gig_id"},
      {"title", "", "/title"},
      {"title", json::value(std::string(81, 'a')), "/title"},
      {"description", " ", "/description"},
      {"description", json::value(std::string(5'001, 'a')), "/description"},
      {"price", dollars(499), "/price/amount"},
      {"price", dollars(1'000'001), "/price/amount"},
      {"price", dollars(500, "EUR"), "/price/currency"},
      {"price", 500, "/price"},
      {"price", json::object{{"amount", 5.5}, {"currency", "USD"}}, "/price/amount"},
      {"delivery_days", 0, "/delivery_days"},
      {"delivery_days", 91, "/delivery_days"},
      {"revisions", -1, "/revisions"},
      {"revisions", 21, "/revisions"},
      {"expires_in", 59, "/expires_in"},
      {"expires_in", 2'592'001, "/expires_in"},
      {"expires_in", json::value(INT64_MAX), "/expires_in"},
      {"expires_at", "soon", "/expires_at"},
      {"expires_at", at(30s), "/expires_at"},
      {"expires_at", at(-1h), "/expires_at"},
      {"expires_at", at(std::chrono::days(31)), "/expires_at"},
      {"status", "ordered", "/status"},
  };
  for (const auto& wrong : all) {
    auto said = terms();
    said[wrong.name] = wrong.value;
    auto got = make(said, ben_);
    ASSERT_EQ(got.status, 422) << wrong.pointer << json::to_text(got.body);
    EXPECT_EQ(got["errors"].as_array().at(0).at("pointer"), json::value(wrong.pointer));
  }
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, json::value>>{{"price", dollars(500)},
                                                        {"price", dollars(1'000'000)},
                                                        {"expires_in", 60},
                                                        {"expires_in", 2'592'000},
                                                        {"expires_at", at(61s)},
                                                        {"expires_at", at(std::chrono::days(30))},
                                                        {"delivery_days", 90},
                                                        {"revisions", 0}}) {
    auto said = terms();
    said[name] = value;
    EXPECT_EQ(make(said, ben_).status, 201) << name;
  }
  auto both = terms();
  both["expires_in"] = 600;
  both["expires_at"] = at(1h);
  EXPECT_EQ(make(both, ben_).status, 422);
}

}  // namespace
}  // namespace oficio::chat
