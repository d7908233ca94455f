#include "services/users/activity.hpp"
#include "town.hpp"

namespace oficio::users {
namespace {

using http::method;

class talk : public town {
 protected:
  talk() : bruno_(somebody("bruno")), sara_(somebody("sara")) {}

  json::object message(std::int64_t seq, const std::string& conversation = "c1") const {
    return {{"message",
             {{"id", "m" + std::to_string(seq)},
              {"seq", seq},
              {"conversation_id", conversation},
              {"text", "Hello"},
              {"offer", nullptr}}},
            {"from", {{"id", bruno_.sub}, {"username", "bruno"}}},
            {"to", {{"id", sara_.sub}, {"username", "sara"}}}};
  }
  json::object seen(std::int64_t seq) const {
    return {{"conversation_id", "c1"}, {"account_id", sara_.sub}, {"seq", seq}};
  }
  json::object waiting(std::int64_t unread, std::int64_t seq) const {
    return {{"conversation_id", "c1"},
            {"account_id", sara_.sub},
            {"from", {{"id", bruno_.sub}, {"username", "bruno"}}},
            {"unread", unread},
            {"seq", seq}};
  }
  json::object offer() const {
    return {{"offer",
             {{"id", "of1"},
              {"gig_id", "g1"},
              {"title", "Ten owls"},
              {"price", {{"amount", 9900}, {"currency", "USD"}}}}},
            {"conversation_id", "c1"},
            {"seller", {{"id", sara_.sub}, {"username", "sara"}}},
            {"buyer", {{"id", bruno_.sub}, {"username", "bruno"}}}};
  }

  json::value feed(const identity& who) { return get("/users/me/activity", who).body; }
  json::array items(const identity& who) { return feed(who).at("items").as_array(); }
  std::int64_t unread(const identity& who) { return feed(who).at("unread").as_int64(); }
  std::vector<std::string> mails() {
    std::vector<std::string> out;
    for (const auto& e : raised("users.notice.created")) {
      if (!e.data.at("channels").at("email").as_bool()) continue;
      out.emplace_back(e.data.at("notice").at("text").as_string());
    }
    return out;
  }

  identity bruno_;
  identity sara_;
};

TEST_F(talk, has_one_entry_a_conversation) {
  ASSERT_TRUE(tell("chat.message.sent", message(1)));
  ASSERT_TRUE(tell("chat.message.sent", message(2)));
  clock_.advance(1s);
  ASSERT_TRUE(tell("chat.message.sent", message(1, "c2")));
  EXPECT_EQ(unread(sara_), 2);
  EXPECT_EQ(items(sara_).size(), 2U);
  EXPECT_EQ(items(sara_)[0].at("link"), "/conversations/c2");
  EXPECT_EQ(items(sara_)[0].at("text"), "bruno wrote to you.");
  EXPECT_EQ(items(bruno_).size(), 0U);
  EXPECT_EQ(raised("users.notice.created").size(), 2U);
  EXPECT_TRUE(mails().empty());
}

TEST_F(talk, tells_again_after_all_was_read) {
  ASSERT_TRUE(tell("chat.message.sent", message(1)));
  auto before = last_;
  ASSERT_EQ(ask(method::post, "/users/me/activity/read", sara_, "{}").status, 204);
  EXPECT_EQ(unread(sara_), 0);
  ASSERT_TRUE(tell("chat.message.sent", message(2)));  // in the same millisecond, perhaps
  EXPECT_EQ(unread(sara_), 1);
  EXPECT_EQ(items(sara_).size(), 1U);
  EXPECT_EQ(items(sara_)[0].at("read"), false);
  last_ = before;  // comes again, late
  ASSERT_TRUE(tell_again());
  EXPECT_EQ(raised("users.notice.created").size(), 2U);
}

TEST_F(talk, moves_up_what_is_told_again) {
  ASSERT_TRUE(tell("chat.message.sent", message(1)));
  clock_.advance(1s);
  ASSERT_TRUE(tell("chat.message.sent", message(1, "c2")));
  auto id = std::string(items(sara_)[1].at("id").as_string());
  ASSERT_EQ(
      ask(method::post, "/users/me/activity/read", sara_, R"({"ids": [")" + id + R"("]})").status,
      204);
  clock_.advance(1s);
  ASSERT_TRUE(tell("chat.message.sent", message(2)));
  EXPECT_EQ(items(sara_)[0].at("id"), json::value(id));
  EXPECT_EQ(items(sara_)[0].at("read"), false);
}

TEST_F(talk, reading_a_conversation_reads_its_entry) {
  ASSERT_TRUE(tell("chat.message.sent", message(1)));
  ASSERT_TRUE(tell("chat.message.sent", message(2)));
  ASSERT_TRUE(tell("chat.conversation.read", seen(1)));
  EXPECT_EQ(unread(sara_), 1);
  ASSERT_TRUE(tell("chat.conversation.read", seen(3)));
  EXPECT_EQ(unread(sara_), 0);
  ASSERT_TRUE(tell("chat.message.sent", message(3)));  // seen before it was told
  EXPECT_EQ(unread(sara_), 0);
  ASSERT_TRUE(tell("chat.conversation.read", seen(1)));  // late
  ASSERT_TRUE(tell("chat.message.sent", message(4)));
  EXPECT_EQ(unread(sara_), 1);
}

TEST_F(talk, does_not_mind_reading_what_was_never_told) {
  EXPECT_TRUE(tell("chat.conversation.read", seen(3)));
  EXPECT_EQ(items(sara_).size(), 0U);
}

TEST_F(talk, mails_of_messages_that_wait) {
  ASSERT_TRUE(tell("chat.message.sent", message(1)));
  ASSERT_TRUE(tell("chat.message.sent", message(2)));
  ASSERT_TRUE(tell("chat.messages.unread", waiting(2, 2)));
  ASSERT_TRUE(tell_again());
  EXPECT_EQ(mails(), std::vector<std::string>{"You have 2 unread messages from bruno."});
  EXPECT_EQ(items(sara_).size(), 1U);
  ASSERT_TRUE(tell("chat.conversation.read", seen(2)));
  ASSERT_TRUE(tell("chat.messages.unread", waiting(2, 2)));  // too late
  EXPECT_EQ(mails().size(), 1U);
}

TEST_F(talk, tells_of_waiting_messages_that_it_has_not_heard_of) {
  ASSERT_TRUE(tell("chat.messages.unread", waiting(1, 1)));
  EXPECT_EQ(mails(), std::vector<std::string>{"You have an unread message from bruno."});
  EXPECT_EQ(unread(sara_), 1);
  ASSERT_TRUE(tell("chat.message.sent", message(1)));
  EXPECT_EQ(items(sara_).size(), 1U);
}

TEST_F(talk, mails_no_more_than_an_account_can_bear) {
  for (int i = 0; i < most_mails + 5; ++i) {
    auto told = waiting(1, 1);
    told["conversation_id"] = "c" + std::to_string(i);
    ASSERT_TRUE(tell("chat.messages.unread", told));
  }
  EXPECT_EQ(mails().size(), static_cast<std::size_t>(most_mails));
  EXPECT_EQ(unread(sara_), most_mails + 5);  // nothing is missing from the feed
  ASSERT_TRUE(tell("chat.offer.declined", offer()));
  EXPECT_EQ(mails().size(), static_cast<std::size_t>(most_mails + 1));  // another kind
  clock_.advance(mails_counted_for + 1s);
  auto later = waiting(1, 1);
  later["conversation_id"] = "later";
  ASSERT_TRUE(tell("chat.messages.unread", later));
  EXPECT_EQ(mails().size(), static_cast<std::size_t>(most_mails + 2));
}

TEST_F(talk, tells_of_offers_to_the_other_side) {
  auto with_offer = message(1);
  with_offer["message"].as_object()["offer"] = offer().at("offer");
  ASSERT_TRUE(tell("chat.message.sent", with_offer));  // the offer has its own event
  ASSERT_TRUE(tell("chat.offer.made", offer()));
  ASSERT_EQ(items(bruno_).size(), 1U);
  EXPECT_EQ(items(sara_).size(), 0U);
  EXPECT_EQ(items(bruno_)[0].at("text"), "sara made you an offer: “Ten owls” for 99.00 USD.");
  EXPECT_EQ(items(bruno_)[0].at("link"), "/conversations/c1");
  ASSERT_TRUE(tell("chat.offer.declined", offer()));
  EXPECT_EQ(items(sara_)[0].at("text"), "bruno declined your offer “Ten owls”.");
  clock_.advance(1s);
  ASSERT_TRUE(tell("chat.offer.withdrawn", offer()));
  EXPECT_EQ(items(bruno_)[0].at("kind"), "offer.withdrawn");
}

TEST_F(talk, makes_no_news_of_what_is_republished) {
  ASSERT_TRUE(tell("chat.message.sent", message(1), 1, true));
  ASSERT_TRUE(tell("chat.messages.unread", waiting(1, 1), 1, true));
  ASSERT_TRUE(tell("chat.offer.made", offer(), 1, true));
  EXPECT_EQ(items(sara_).size() + items(bruno_).size(), 0U);
}

}  // namespace
}  // namespace oficio::users
