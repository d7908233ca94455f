#include <gmock/gmock.h>

#include "fixture.hpp"
#include "services/chat/events.hpp"

namespace oficio::chat {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class moderation : public chat_test {
 protected:
  moderation() : conversation_(begin()) { register_account(ana_); }

  int block(const identity& by, const std::string& whom) {
    return ask(http::method::put, "/users/me/blocks/" + whom, by).status;
  }
  // Whom they reach.
  answer correspondent(const identity& who) {
    return get("/internal/conversations/" + conversation_ + "/correspondent", who);
  }
  int unblock(const identity& by, const std::string& whom) {
    return ask(http::method::del, "/users/me/blocks/" + whom, by).status;
  }
  std::vector<std::string> blocked_by(const identity& who) {
    auto all = get("/users/me/blocks", who);
    std::vector<std::string> out;
    for (const auto& b : all["items"].as_array()) {
      out.emplace_back(b.at("username").as_string());
    }
    return out;
  }
  std::string gig_of(const identity& seller) {
    events::envelope e;
    e.type = "gigs.gig.published";
    auto id = uuid_v5("gig of " + seller.sub);
    e.data = {{"version", 1},
              {"gig", json::object{{"id", id},
                                   {"seller", json::object{{"id", seller.sub}}},
                                   {"title", "I will draw a fine logo"}}}};
    auto& own = *std::static_pointer_cast<messenger>(service_.state);
    EXPECT_TRUE(run(on_gig(own, e, context::for_system())));
    return id;
  }
  answer offer(const identity& by) {
    json::object terms{{"gig_id", gig_of(by)},
                       {"description", "Three drafts"},
                       {"price", json::object{{"amount", 500}, {"currency", "USD"}}},
                       {"delivery_days", 5},
                       {"revisions", 2}};
    return post("/conversations/" + conversation_ + "/offers", by,
                json::to_text(json::value(std::move(terms))));
  }
  answer report(const std::string& message, const identity& by, const std::string& reason) {
    return post("/messages/" + message + "/report", by,
                json::to_text(json::value(json::object{{"reason", reason}})));
  }

  identity operator_{.sub = uuid_v5("op"), .username = "Operator", .roles = {"user", "operator"}};
  std::string conversation_;
};

TEST_F(moderation, a_block_stops_words_offers_and_beginnings_both_ways) {
  ASSERT_EQ(block(ana_, "ben"), 204);
  for (const auto& who : {ana_, ben_}) {
    auto other = who.sub == ana_.sub ? "Ben" : "Ana";
    for (const auto& got :
         {say(conversation_, who, "hello"), offer(who),
          post("/conversations", who, std::string(R"({"with": ")") + other + "\"}")}) {
      EXPECT_EQ(got.status, 403);
      EXPECT_EQ(got["code"], "blocked");
      // Who blocked whom is nobody's business.
      EXPECT_EQ(got["detail"], "You and this person cannot write to each other.");
    }
    EXPECT_EQ(get("/conversations/" + conversation_, who).status, 200);
    EXPECT_EQ(correspondent(who)["code"], "blocked");
  }
  EXPECT_EQ(unblock(ana_, "BEN"), 204);
  EXPECT_EQ(correspondent(ana_).text("id"), ben_.sub);
  EXPECT_EQ(correspondent(ben_).text("id"), ana_.sub);
  EXPECT_EQ(correspondent(eva_).status, 404);
  EXPECT_EQ(say(conversation_, ben_, "hello").status, 201);
  EXPECT_EQ(offer(ben_).status, 201);
}

TEST_F(moderation, a_conversation_tells_who_blocked_and_nobody_else) {
  auto blocked = [&](const identity& who) {
    auto one = get("/conversations/" + conversation_, who)["blocked"];
    EXPECT_EQ(get("/conversations", who)["items"].at(0).at("blocked"), one);
    return one.as_bool();
  };
  EXPECT_FALSE(blocked(ana_));
  block(ana_, "Ben");
  EXPECT_TRUE(blocked(ana_));
  EXPECT_FALSE(blocked(ben_));
  unblock(ana_, "Ben");
  EXPECT_FALSE(blocked(ana_));
}

TEST_F(moderation, each_lifts_only_their_own_block) {
  block(ana_, "Ben");
  block(ben_, "Ana");
  unblock(ana_, "Ben");
  EXPECT_EQ(say(conversation_, ana_, "hello").status, 403);
  EXPECT_EQ(say(conversation_, ben_, "hello").status, 403);
  unblock(ben_, "Ana");
  EXPECT_EQ(say(conversation_, ana_, "hello").status, 201);
}

TEST_F(moderation, blocks_are_harmless_to_repeat_and_can_come_back) {
  EXPECT_EQ(unblock(ana_, "Ben"), 204);
  EXPECT_EQ(block(ana_, "Ben"), 204);
  EXPECT_EQ(block(ana_, "ben"), 204);
  EXPECT_THAT(blocked_by(ana_), ElementsAre("Ben"));
  EXPECT_THAT(blocked_by(ben_), ElementsAre());
  EXPECT_EQ(unblock(ana_, "Ben"), 204);
  EXPECT_THAT(blocked_by(ana_), ElementsAre());
  EXPECT_EQ(block(ana_, "Ben"), 204);
  EXPECT_EQ(say(conversation_, ben_, "hello").status, 403);
}

TEST_F(moderation, blocks_are_listed_newest_first_in_pages) {
  for (int i = 0; i < 3; ++i) {
    auto name = "pal" + std::to_string(i);
    register_account({.sub = uuid_v5(name), .username = name});
    clock_.advance(1s);
    block(ana_, name);
  }
  EXPECT_THAT(blocked_by(ana_), ElementsAre("pal2", "pal1", "pal0"));
  auto first = get("/users/me/blocks?limit=2", ana_);
  EXPECT_EQ(first["items"].as_array().size(), 2U);
  EXPECT_EQ(first["items"].at(0).at("id"), json::value(uuid_v5("pal2")));
  auto second = get("/users/me/blocks?cursor=" + first.text("next_cursor"), ana_);
  EXPECT_EQ(second["items"].at(0).at("username"), "pal0");
  EXPECT_TRUE(second["next_cursor"].is_null());
  EXPECT_EQ(get("/users/me/blocks?cursor=" + first.text("next_cursor"), ben_).status, 400);
}

TEST_F(moderation, nobody_blocks_themselves_or_nobody) {
  EXPECT_EQ(block(ana_, "ana"), 422);
  EXPECT_EQ(block(ana_, "nobody"), 404);
  EXPECT_EQ(unblock(ana_, "nobody"), 404);
  EXPECT_EQ(block(ana_, "%27%20OR%201%3D1--"), 404);
  EXPECT_EQ(block({}, "Ben"), 401);
  EXPECT_EQ(get("/users/me/blocks", {}).status, 401);
}

TEST_F(moderation, who_got_a_message_can_show_it_to_operators_once) {
  auto m = say(conversation_, ben_, "<b>pay me outside</b>");
  auto made = report(m.text("id"), ana_, "wants to be paid elsewhere");
  ASSERT_EQ(made.status, 201) << json::to_text(made.body);
  EXPECT_EQ(made["message"], m.body);
  EXPECT_EQ(made["by"].at("username"), "Ana");
  auto again = report(m.text("id"), ana_, "and is rude");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, made.body);
  auto seen = get("/ops/reports", operator_);
  ASSERT_EQ(seen.status, 200);
  EXPECT_EQ(seen["items"].as_array().size(), 1U);
  EXPECT_EQ(seen["items"].at(0), made.body);
}

TEST_F(moderation, reports_are_for_operators_newest_first_in_pages) {
  for (int i = 0; i < 3; ++i) {
    auto m = say(conversation_, ben_, std::to_string(i)).text("id");
    clock_.advance(1s);
    ASSERT_EQ(report(m, ana_, "spam").status, 201);
  }
  auto first = get("/ops/reports?limit=2", operator_);
  EXPECT_EQ(first["items"].at(0).at("message").at("text"), "2");
  auto second = get("/ops/reports?limit=2&cursor=" + first.text("next_cursor"), operator_);
  EXPECT_EQ(second["items"].at(0).at("message").at("text"), "0");
  EXPECT_TRUE(second["next_cursor"].is_null());
  EXPECT_EQ(get("/ops/reports?cursor=x", operator_)["code"], "bad_cursor");
  auto refused = get("/ops/reports", ana_);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused["code"], "operators_only");
  EXPECT_EQ(get("/ops/reports", {}).status, 401);
}

TEST_F(moderation, only_the_receiver_of_a_message_reports_it) {
  auto m = say(conversation_, ben_, "hello").text("id");
  EXPECT_EQ(report(m, ben_, "mine").text("code"), "own_message");
  EXPECT_EQ(report(m, eva_, "spam").status, 404);
  EXPECT_EQ(report(uuid_v5("none"), ana_, "spam").status, 404);
  EXPECT_EQ(report(m, ana_, " ").status, 422);
  EXPECT_EQ(report(m, ana_, std::string(1'001, 'x')).status, 422);
  EXPECT_EQ(report(m, {}, "spam").status, 401);
}

}  // namespace
}  // namespace oficio::chat
