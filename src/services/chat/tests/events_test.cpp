#include "services/chat/events.hpp"

#include <set>

#include <gmock/gmock.h>

#include "fixture.hpp"

namespace oficio::chat {
namespace {

using namespace std::chrono_literals;

std::set<std::string> concerned(const events::envelope& e) {
  std::set<std::string> out;
  for (const auto& id : e.data.at("concerns").as_array()) out.emplace(id.as_string());
  return out;
}

// Asks until the answer is as wanted.
bool eventually(const std::function<bool()>& wanted) {
  auto until = std::chrono::steady_clock::now() + 10s;
  while (!wanted()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

TEST_F(chat_test, tells_of_a_message_once) {
  auto c = begin();
  auto path = "/conversations/" + c + "/messages";
  auto m = post(path, ana_, R"({"text": "hello", "client_id": "k"})");
  post(path, ana_, R"({"text": "hello", "client_id": "k"})");
  auto told = relay();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].type, "chat.message.sent");
  EXPECT_EQ(told[0].source, "/oficio/chat");
  EXPECT_EQ(told[0].data.at("message"), m.body);
  EXPECT_EQ(told[0].data.at("from").as_object().at("username"), "Ana");
  EXPECT_EQ(told[0].data.at("to").as_object().at("id").as_string(), ben_.sub);
  EXPECT_EQ(concerned(told[0]), (std::set<std::string>{ana_.sub, ben_.sub}));
  EXPECT_TRUE(relay().empty());
}

TEST_F(chat_test, tells_of_a_read_mark_that_moved) {
  auto c = begin();
  say(c, ana_, "hello");
  relay();
  auto path = "/conversations/" + c + "/read";
  post(path, ben_, R"({"seq": 1})");
  post(path, ben_, R"({"seq": 1})");
  auto told = relay();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].type, "chat.conversation.read");
  EXPECT_EQ(told[0].data.at("conversation_id").as_string(), c);
  EXPECT_EQ(told[0].data.at("account_id").as_string(), ben_.sub);
  EXPECT_EQ(told[0].data.at("seq"), 1);
  EXPECT_EQ(told[0].data.at("at"), get("/conversations/" + c, ana_)["seen"].as_object().at("at"));
  EXPECT_EQ(concerned(told[0]), (std::set<std::string>{ana_.sub, ben_.sub}));
}

TEST_F(chat_test, knows_who_exists_from_accounts_and_profiles) {
  listen();
  tell("auth.account.registered",
       {{"account", json::object{{"id", ben_.sub}, {"username", "Ben"}, {"email", "b@x.org"}}}}, 1);
  auto made = post("/conversations", ana_, R"({"with": "Ben"})");
  EXPECT_EQ(made.status, 201);
  auto profile = [&](const char* avatar) {
    return json::object{
        {"profile", json::object{{"id", ben_.sub}, {"username", "Ben"}, {"avatar", avatar}}}};
  };
  auto avatar = [&] {
    return get("/conversations/" + made.text("id"), ana_)["with"].as_object().at("avatar");
  };
  tell("users.profile.updated", profile("new"), 3);
  EXPECT_TRUE(eventually([&] { return avatar() == "new"; }));
  // One that comes late changes nothing.
  events::envelope late;
  late.data = profile("old");
  late.data["version"] = 2;
  auto& own = *std::static_pointer_cast<messenger>(service_.state);
  EXPECT_TRUE(run(on_profile(own, late, context::for_system())));
  EXPECT_EQ(avatar(), "new");
}

TEST_F(chat_test, an_event_that_says_nothing_is_refused) {
  auto& own = *std::static_pointer_cast<messenger>(service_.state);
  EXPECT_EQ(run(on_account(own, {}, context::for_system())).error().code, "malformed_event");
  EXPECT_EQ(run(on_message(own, {}, context::for_system())).error().code, "malformed_event");
}

// What a crash between the message and the conversation's sums leaves behind.
TEST_F(chat_test, its_own_event_brings_a_conversation_in_step) {
  listen();
  auto c = begin();
  say(c, ana_, "first");
  auto& own = *std::static_pointer_cast<messenger>(service_.state);
  auto kept = *run(own.store().conversation_for(context::for_system(), ana_, c));
  for (int i = 0; i < 3; ++i) {
    message m;
    m.id = uuid_v7(clock_.now());
    m.client_id = m.id;
    m.from = {ana_.sub, ana_.username};
    m.text = "forgotten";
    m.created_at = clock_.now();
    ASSERT_TRUE(run(own.store().append(context::for_system(), ana_, kept, m)));
  }
  auto listed = [&] {
    return get("/conversations", ben_)["items"].as_array().at(0).as_object().at("unread");
  };
  EXPECT_EQ(listed(), 1);
  relay();
  EXPECT_TRUE(eventually([&] { return listed() == 4; }));
  // And the next one finds nothing to do.
  say(c, ana_, "last");
  EXPECT_EQ(listed(), 5);
}

awaitable<result<store::appended>> append(messenger& own, conversation c, identity who, int number,
                                          time_point now) {
  message m;
  m.id = uuid_v7(now);
  m.client_id = std::to_string(number / 2);  // each twice
  m.from = {who.sub, who.username};
  m.text = "same";
  m.created_at = now;
  auto ctx = context::for_system(30s);
  auto kept = co_await own.store().append(ctx, who, c, std::move(m));
  if (kept) CO_TRY_VOID(co_await own.store().catch_up(ctx, who, c));
  co_return kept;
}

TEST_F(chat_test, writers_side_by_side_leave_no_gap_and_no_copy) {
  auto c = begin();
  auto& own = *std::static_pointer_cast<messenger>(service_.state);
  auto kept = *run(own.store().conversation_for(context::for_system(), ana_, c));
  std::vector<std::future<result<store::appended>>> all;
  for (int i = 0; i < 8; ++i) {
    for (const auto& who : {ana_, ben_}) {
      all.push_back(boost::asio::co_spawn(boost::asio::make_strand(app_.io()),
                                          append(own, kept, who, i, clock_.now()),
                                          boost::asio::use_future));
    }
  }
  for (auto& a : all) {
    auto got = a.get();
    EXPECT_TRUE(got) << got.error().detail;
  }
  auto messages = get("/conversations/" + c + "/messages?limit=100", ana_);
  std::set<std::int64_t> seqs;
  for (const auto& m : messages["items"].as_array())
    seqs.insert(m.as_object().at("seq").as_int64());
  EXPECT_EQ(seqs, (std::set<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(unread(c, ana_), 4);
  EXPECT_EQ(unread(c, ben_), 4);
}

TEST_F(chat_test, is_ready_when_its_database_is) {
  ASSERT_EQ(service_.checks.size(), 1U);
  auto ctx = context::for_system();
  EXPECT_TRUE(run(service_.checks[0].run(ctx)));
  EXPECT_EQ(service_.name, "chat");
}

}  // namespace
}  // namespace oficio::chat
