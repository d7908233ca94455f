#include <gmock/gmock.h>

#include "fixture.hpp"

namespace oficio::chat {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class unread_messages : public chat_test {
 protected:
  unread_messages() : conversation_(begin()) {}

  void read(const identity& who, int seq) {
    EXPECT_EQ(post("/conversations/" + conversation_ + "/read", who,
                   R"({"seq": )" + std::to_string(seq) + "}")
                  .status,
              200);
  }
  // The notices that time has made due.
  std::vector<events::envelope> notices() {
    EXPECT_TRUE(run(service_.timers.at(0).run(context::for_system())));
    auto all = relay();
    std::erase_if(all, [](const auto& e) { return e.type != "chat.messages.unread"; });
    return all;
  }
  std::int64_t in_all(const identity& who) {
    return get("/conversations?limit=1", who)["unread"].as_int64();
  }

  std::string conversation_;
};

TEST_F(unread_messages, are_told_once_they_have_waited_for_a_while) {
  say(conversation_, ana_, "hello");
  say(conversation_, ana_, "are you there?");
  say(conversation_, ben_, "typing this one does not read the others");
  clock_.advance(unread_patience - 1s);
  EXPECT_THAT(notices(), IsEmpty());
  clock_.advance(2s);
  auto told = notices();
  ASSERT_EQ(told.size(), 2U);  // each has unread messages of the other
  auto& to_ben = told[told[0].data.at("account_id") == json::value(ben_.sub) ? 0 : 1];
  EXPECT_EQ(to_ben.data.at("conversation_id"), json::value(conversation_));
  EXPECT_EQ(to_ben.data.at("account_id"), json::value(ben_.sub));
  EXPECT_EQ(to_ben.data.at("from").at("username"), "Ana");
  EXPECT_EQ(to_ben.data.at("unread"), 2);
  EXPECT_EQ(to_ben.data.at("seq"), 2);
  EXPECT_EQ(to_ben.data.at("concerns"), (json::array{json::value(ben_.sub)}));
}

TEST_F(unread_messages, are_told_once_until_they_are_read) {
  say(conversation_, ana_, "hello");
  clock_.advance(unread_patience);
  EXPECT_EQ(notices().size(), 1U);
  say(conversation_, ana_, "hello?");
  clock_.advance(24h);
  EXPECT_THAT(notices(), IsEmpty());
  read(ben_, 2);
  say(conversation_, ana_, "still there?");
  clock_.advance(unread_patience);
  auto told = notices();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].data.at("unread"), 1);
}

TEST_F(unread_messages, that_were_read_in_time_are_not_told) {
  say(conversation_, ana_, "hello");
  read(ben_, 1);
  clock_.advance(24h);
  EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(unread_messages, wait_from_the_first_that_is_left) {
  say(conversation_, ana_, "hello");
  clock_.advance(10min);
  say(conversation_, ana_, "are you there?");
  read(ben_, 1);
  clock_.advance(10min);
  EXPECT_THAT(notices(), IsEmpty());
  clock_.advance(5min);
  auto told = notices();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].data.at("unread"), 1);
}

TEST_F(unread_messages, of_somebody_who_was_blocked_are_not_told) {
  register_account(ana_);
  say(conversation_, ana_, "hello");
  ASSERT_EQ(ask(http::method::put, "/users/me/blocks/Ana", ben_).status, 204);
  clock_.advance(24h);
  EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(unread_messages, are_counted_over_all_conversations) {
  register_account(ana_);
  EXPECT_EQ(in_all(ben_), 0);
  say(conversation_, ana_, "one");
  say(conversation_, ana_, "two");
  auto other = post("/conversations", eva_, R"({"with": "Ben"})").text("id");
  say(other, eva_, "three");
  EXPECT_EQ(in_all(ben_), 3);
  EXPECT_EQ(in_all(ana_), 0);
  read(ben_, 1);
  EXPECT_EQ(in_all(ben_), 2);
  read(ben_, 2);
  EXPECT_EQ(in_all(ben_), 1);
}

TEST_F(unread_messages, an_idempotency_key_is_visible_ascii) {
  auto path = "/conversations/" + conversation_ + "/messages";
  for (const auto& key :
       std::vector<std::string>{"with space", "\xff", "ñ", std::string(201, 'k')}) {
    auto got = ask(http::method::post, path, ana_, R"({"text": "a"})", key);
    EXPECT_EQ(got.status, 400);
    EXPECT_EQ(got["code"], "bad_idempotency_key");
  }
  EXPECT_EQ(ask(http::method::post, path, ana_, R"({"text": "a"})", std::string(200, 'k')).status,
            201);
}

}  // namespace
}  // namespace oficio::chat
