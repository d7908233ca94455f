#include <gmock/gmock.h>

#include "fixture.hpp"

namespace oficio::chat {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

std::vector<std::string> texts(const json::value& items) {
  std::vector<std::string> out;
  for (const auto& m : items.as_array()) out.emplace_back(m.as_object().at("text").as_string());
  return out;
}

std::vector<std::string> ids(const json::value& items) {
  std::vector<std::string> out;
  for (const auto& c : items.as_array()) out.emplace_back(c.as_object().at("id").as_string());
  return out;
}

TEST_F(chat_test, a_visitor_is_sent_to_sign_in) {
  EXPECT_EQ(get("/conversations", {}).status, 401);
  EXPECT_EQ(post("/conversations", {}, R"({"with": "Ben"})").status, 401);
}

TEST_F(chat_test, begins_a_conversation_once_a_pair) {
  register_account(ben_);
  auto gig = uuid_v5("gig");
  auto made = post("/conversations", ana_, R"({"with": "Ben", "gig_id": ")" + gig + "\"}");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made["with"].as_object().at("id").as_string(), ben_.sub);
  EXPECT_EQ(made["with"].as_object().at("username"), "Ben");
  EXPECT_TRUE(made["with"].as_object().at("avatar").is_null());
  EXPECT_TRUE(made["last_message"].is_null());
  EXPECT_EQ(made["unread"], 0);
  EXPECT_EQ(made.text("gig_id"), gig);
  auto again = post("/conversations", ana_, R"({"with": "ben"})");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, made.body);
  auto other_way = post("/conversations", ben_, R"({"with": "Ana"})");
  EXPECT_EQ(other_way.status, 200);
  EXPECT_EQ(other_way["id"], made["id"]);
  EXPECT_EQ(other_way["with"].as_object().at("id").as_string(), ana_.sub);
}

TEST_F(chat_test, refuses_to_talk_to_oneself_or_to_nobody) {
  register_account(ana_);
  EXPECT_EQ(post("/conversations", ana_, R"({"with": "ana"})").status, 422);
  auto begun = std::chrono::steady_clock::now();
  auto unknown = post("/conversations", ana_, R"({"with": "Nobody"})");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s);
  EXPECT_EQ(post("/conversations", ana_, R"({"with": 7})").status, 422);
  EXPECT_EQ(post("/conversations", ana_, R"({"with": "Ben", "gig_id": "x"})").status, 422);
  EXPECT_EQ(post("/conversations", ana_, R"({)").status, 400);
}

TEST_F(chat_test, waits_for_a_profile_whose_event_is_on_its_way) {
  std::jthread later([this] {
    std::this_thread::sleep_for(100ms);
    register_account(ben_);
  });
  EXPECT_EQ(post("/conversations", ana_, R"({"with": "Ben"})").status, 201);
}

TEST_F(chat_test, a_stranger_finds_nothing) {
  auto c = begin();
  say(c, ana_, "hello");
  EXPECT_EQ(get("/conversations/" + c, eva_).status, 404);
  EXPECT_EQ(get("/conversations/" + c + "/messages", eva_).status, 404);
  EXPECT_EQ(say(c, eva_, "let me in").status, 404);
  EXPECT_EQ(post("/conversations/" + c + "/read", eva_, R"({"seq": 1})").status, 404);
  EXPECT_THAT(ids(get("/conversations", eva_)["items"]), ElementsAre());
  EXPECT_EQ(get("/conversations/none", ana_).status, 404);
}

TEST_F(chat_test, numbers_messages_and_counts_the_unread) {
  auto c = begin();
  auto first = say(c, ana_, "hello");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(first["seq"], 1);
  EXPECT_EQ(first.text("conversation_id"), c);
  EXPECT_EQ(first["from"].as_object().at("username"), "Ana");
  EXPECT_EQ(first["files"], json::array{});
  EXPECT_EQ(first["client_id"], first["id"]);
  EXPECT_EQ(say(c, ana_, "are you there?")["seq"], 2);
  EXPECT_EQ(say(c, ben_, "yes")["seq"], 3);
  EXPECT_EQ(unread(c, ben_), 2);
  EXPECT_EQ(unread(c, ana_), 1);
  auto seen = get("/conversations", ben_)["items"].as_array().at(0).as_object();
  EXPECT_EQ(seen.at("last_message").as_object().at("text"), "yes");
  EXPECT_EQ(seen.at("unread"), 2);
}

TEST_F(chat_test, refuses_texts_that_are_empty_too_long_or_unknown) {
  auto c = begin();
  EXPECT_EQ(say(c, ana_, "").status, 422);
  EXPECT_EQ(say(c, ana_, std::string(5'001, 'a')).status, 422);
  EXPECT_EQ(say(c, ana_, std::string(5'000, 'a')).status, 201);
  auto path = "/conversations/" + c + "/messages";
  EXPECT_EQ(post(path, ana_, R"({"text": "a", "colour": "red"})").status, 422);
  EXPECT_EQ(post(path, ana_, R"({})").status, 422);
}

TEST_F(chat_test, a_repeated_message_is_the_same_message) {
  auto c = begin();
  auto path = "/conversations/" + c + "/messages";
  auto first = post(path, ana_, R"({"text": "once", "client_id": "k1"})");
  auto again = post(path, ana_, R"({"text": "once", "client_id": "k1"})");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  auto other = post(path, ana_, R"({"text": "twice", "client_id": "k1"})");
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other["code"], "idempotency_mismatch");
  // The other person's own client ids are their own.
  EXPECT_EQ(post(path, ben_, R"({"text": "once", "client_id": "k1"})").status, 201);
  EXPECT_EQ(unread(c, ben_), 1);
}

TEST_F(chat_test, an_idempotency_key_does_what_a_client_id_does) {
  auto c = begin();
  auto path = "/conversations/" + c + "/messages";
  auto first = ask(http::method::post, path, ana_, R"({"text": "once"})", "key-1");
  auto again = ask(http::method::post, path, ana_, R"({"text": "once"})", "key-1");
  EXPECT_EQ(first["client_id"], "key-1");
  EXPECT_EQ(again["id"], first["id"]);
  EXPECT_EQ(
      ask(http::method::post, path, ana_, R"({"text": "once"})", std::string(201, 'k')).status,
      400);
}

TEST_F(chat_test, pages_through_messages_both_ways) {
  auto c = begin();
  for (int i = 1; i <= 7; ++i) say(c, i % 2 == 0 ? ana_ : ben_, std::to_string(i));
  auto path = "/conversations/" + c + "/messages";
  EXPECT_THAT(texts(get(path, ana_)["items"]), ElementsAre("1", "2", "3", "4", "5", "6", "7"));
  auto newest = get(path + "?limit=3", ana_);
  EXPECT_THAT(texts(newest["items"]), ElementsAre("5", "6", "7"));
  auto older = get(path + "?limit=3&cursor=" + newest.text("next_cursor"), ana_);
  EXPECT_THAT(texts(older["items"]), ElementsAre("2", "3", "4"));
  auto oldest = get(path + "?limit=3&cursor=" + older.text("next_cursor"), ana_);
  EXPECT_THAT(texts(oldest["items"]), ElementsAre("1"));
  EXPECT_TRUE(oldest["next_cursor"].is_null());
  EXPECT_THAT(texts(get(path + "?before=3", ana_)["items"]), ElementsAre("1", "2"));
  auto after = get(path + "?after=2&limit=2", ana_);
  EXPECT_THAT(texts(after["items"]), ElementsAre("3", "4"));
  EXPECT_THAT(texts(get(path + "?cursor=" + after.text("next_cursor"), ana_)["items"]),
              ElementsAre("5", "6", "7"));
  EXPECT_THAT(texts(get(path + "?after=7", ana_)["items"]), ElementsAre());
  EXPECT_TRUE(get(path + "?limit=7", ana_)["next_cursor"].is_null());
  EXPECT_EQ(get(path + "?after=1&before=3", ana_).status, 422);
  EXPECT_EQ(get(path + "?before=0", ana_).status, 422);
  EXPECT_EQ(get(path + "?befor=1", ana_).status, 422);
  // A cursor of somebody else's, or of another list.
  EXPECT_EQ(get(path + "?cursor=" + newest.text("next_cursor"), ben_).status, 400);
  EXPECT_EQ(get("/conversations?cursor=" + newest.text("next_cursor"), ana_).status, 400);
}

TEST_F(chat_test, lists_conversations_newest_first_in_pages) {
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i) {
    identity other{.sub = uuid_v5("pal" + std::to_string(i)),
                   .username = "pal" + std::to_string(i)};
    register_account(other);
    clock_.advance(10ms);
    made.push_back(
        post("/conversations", ana_, R"({"with": ")" + other.username + "\"}").text("id"));
  }
  clock_.advance(10ms);
  say(made[0], ana_, "up you go");
  auto first = get("/conversations?limit=2", ana_);
  EXPECT_THAT(ids(first["items"]), ElementsAre(made[0], made[4]));
  auto second = get("/conversations?limit=2&cursor=" + first.text("next_cursor"), ana_);
  EXPECT_THAT(ids(second["items"]), ElementsAre(made[3], made[2]));
  auto third = get("/conversations?limit=2&cursor=" + second.text("next_cursor"), ana_);
  EXPECT_THAT(ids(third["items"]), ElementsAre(made[1]));
  EXPECT_TRUE(third["next_cursor"].is_null());
  EXPECT_TRUE(get("/conversations?limit=5", ana_)["next_cursor"].is_null());
}

TEST_F(chat_test, read_marks_go_forward_only) {
  auto c = begin();
  for (int i = 0; i < 3; ++i) say(c, ana_, "hi");
  say(c, ben_, "hello");
  say(c, ana_, "well");
  auto path = "/conversations/" + c + "/read";
  EXPECT_EQ(post(path, ben_, R"({"seq": 2})")["unread"], 2);
  EXPECT_EQ(post(path, ben_, R"({"seq": 1})")["unread"], 2);
  EXPECT_EQ(post(path, ben_, R"({"seq": 5})")["unread"], 0);
  EXPECT_EQ(unread(c, ana_), 1);
  say(c, ana_, "news");
  EXPECT_EQ(unread(c, ben_), 1);
  EXPECT_EQ(post(path, ben_, R"({"seq": 7})").status, 422);
  EXPECT_EQ(post(path, ben_, R"({"seq": -1})").status, 422);
}

TEST_F(chat_test, shows_how_far_the_other_has_read_and_since_when) {
  auto c = begin();
  for (int i = 0; i < 2; ++i) say(c, ana_, "hi");
  EXPECT_TRUE(get("/conversations/" + c, ana_)["seen"].is_null());
  auto before = json::to_value(clock_.now());
  auto own = post("/conversations/" + c + "/read", ben_, R"({"seq": 1})");
  EXPECT_TRUE(own["seen"].is_null()) << "Ana has read nothing.";
  auto seen = get("/conversations/" + c, ana_)["seen"].as_object();
  EXPECT_EQ(seen.at("seq"), 1);
  EXPECT_GE(seen.at("at").as_string(), before.as_string());
  auto list = get("/conversations", ana_)["items"].as_array();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].as_object().at("seen"), json::value(seen));
  // A mark that does not move keeps its time.
  post("/conversations/" + c + "/read", ben_, R"({"seq": 1})");
  EXPECT_EQ(get("/conversations/" + c, ana_)["seen"], json::value(seen));
}

}  // namespace
}  // namespace oficio::chat
