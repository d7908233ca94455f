// What hostile or broken clients send: each must get a clear problem, and change nothing.
#include "tests/conformance/hostile.hpp"

#include <gmock/gmock.h>

#include "fixture.hpp"
#include "services/chat/events.hpp"

namespace oficio::chat {
namespace {

using namespace std::chrono_literals;

class hostile : public chat_test {
 protected:
  hostile() : conversation_(begin()), path_("/conversations/" + conversation_) {
    register_account(ana_);
    events::envelope e;
    e.type = "gigs.gig.published";
    e.data = {{"version", 1},
              {"gig", json::object{{"id", gig_},
                                   {"seller", json::object{{"id", ben_.sub}}},
                                   {"title", "I will draw a fine logo"}}}};
    auto& own = *std::static_pointer_cast<messenger>(service_.state);
    EXPECT_TRUE(run(on_gig(own, e, context::for_system())));
    message_ = say(conversation_, ana_, "hello").text("id");
  }

  json::object offer() const {
    return {{"gig_id", gig_},
            {"title", "Three logos"},
            {"description", "Three drafts and two rounds"},
            {"price", json::object{{"amount", 12'500}, {"currency", "USD"}}},
            {"delivery_days", 5},
            {"revisions", 2}};
  }
  static std::string text_of(json::object body) { return json::to_text(json::value(body)); }
  std::size_t messages() {
    return get(path_ + "/messages?limit=100", ana_)["items"].as_array().size();
  }

  std::string gig_ = uuid_v5("gig");
  std::string conversation_;
  std::string path_;
  std::string message_;
};

TEST_F(hostile, bodies_are_told_what_is_wrong_with_them_at_every_route) {
  for (const auto& path : {std::string("/conversations"), path_ + "/messages", path_ + "/offers",
                           path_ + "/read", "/messages/" + message_ + "/report"}) {
    for (const auto& [name, text] : conformance::bad_bodies()) {
      auto got = post(path, ben_, text);
      EXPECT_TRUE(got.status == 400 || got.status == 422)
          << path << " " << name << " " << got.status;
      auto* code = got.body.as_object().if_contains("code");
      ASSERT_TRUE(code) << path << " " << name;
      EXPECT_TRUE(*code == "malformed_json" || *code == "validation_failed") << *code;
    }
    auto plain = ask(http::method::post, path, ben_, "");
    EXPECT_EQ(plain.status, 415) << path;
  }
  EXPECT_EQ(messages(), 1U);
  relay();
  EXPECT_TRUE(relay().empty());
}

TEST_F(hostile, prose_comes_back_as_it_was_sent_or_is_refused) {
  for (const auto& [name, text, welcome] : conformance::odd_texts()) {
    auto offered = offer();
    offered["description"] = text;
    auto title = offer();
    title["title"] = text;
    struct {
      std::string path;
      json::object body;
      std::string pointer;  // into the answer
    } all[] = {{path_ + "/messages", {{"text", text}}, "/text"},
               {path_ + "/offers", offered, "/offer/description"},
               {path_ + "/offers", title, "/offer/title"}};
    for (const auto& [path, body, pointer] : all) {
      auto got = post(path, ben_, text_of(body));
      ASSERT_EQ(got.status, welcome ? 201 : 422) << path << " " << name << json::to_text(got.body);
      if (welcome) {
        EXPECT_EQ(got.body.at_pointer(pointer), json::value(text)) << path << " " << name;
        auto kept = get(path_ + "/messages?limit=1", ana_)["items"].at(0);
        EXPECT_EQ(kept.at_pointer(pointer), json::value(text)) << path << " " << name;
      }
    }
    auto id = say(conversation_, ana_, "report me").text("id");
    auto reported = post("/messages/" + id + "/report", ben_, text_of({{"reason", text}}));
    EXPECT_EQ(reported.status, welcome ? 201 : 422) << name;
    if (welcome) EXPECT_EQ(reported["reason"], json::value(text));
  }
}

TEST_F(hostile, names_and_ids_find_nothing_where_there_is_nothing) {
  for (const auto& [name, text, welcome] : conformance::odd_texts()) {
    auto opened = post("/conversations", ana_, text_of({{"with", text}}));
    EXPECT_TRUE(opened.status == 404 || opened.status == 422) << name << opened.status;
    auto offered = offer();
    offered["gig_id"] = text;
    EXPECT_EQ(post(path_ + "/offers", ben_, text_of(offered)).status, 422) << name;
    auto about = post("/conversations", ana_, text_of({{"with", "Ben"}, {"gig_id", text}}));
    EXPECT_EQ(about.status, 422) << name;
    if (text.find('\0') != std::string::npos) continue;  // the server refuses such a path
    auto id = http::encode_segment(text);
    for (const auto& path : {"/conversations/" + id, "/conversations/" + id + "/messages"}) {
      EXPECT_EQ(get(path, ana_).status, 404) << path;
    }
    for (const auto& path : {"/offers/" + id + "/decline", "/offers/" + id + "/withdraw"}) {
      EXPECT_EQ(post(path, ana_, "").status, 404) << path;
    }
    EXPECT_EQ(post("/messages/" + id + "/report", ana_, R"({"reason": "spam"})").status, 404);
    EXPECT_EQ(ask(http::method::put, "/users/me/blocks/" + id, ana_).status, 404) << name;
    EXPECT_EQ(ask(http::method::del, "/users/me/blocks/" + id, ana_).status, 404) << name;
  }
}

TEST_F(hostile, cursors_that_were_not_given_out_are_refused_everywhere) {
  identity all_seeing{.sub = uuid_v5("op"), .username = "Op", .roles = {"operator"}};
  for (const auto& path : {std::string("/conversations"), path_ + "/messages",
                           std::string("/users/me/blocks"), std::string("/ops/reports")}) {
    const auto& who = path == "/ops/reports" ? all_seeing : ana_;
    for (const auto* cursor :
         {"x", "a2", "..", "eyJhIjoxfQ.c2lnbmF0dXJl", "%27--", "%F0%9F%91%A9"}) {
      auto got = get(path + "?cursor=" + cursor, who);
      EXPECT_EQ(got.status, 400) << path << cursor;
      EXPECT_EQ(got["code"], "bad_cursor");
    }
    EXPECT_EQ(get(path + "?cursor=" + std::string(1'001, 'x'), who).status, 422) << path;
    EXPECT_EQ(get(path + "?cursor=a&cursor=b", who).status, 422) << path;
    for (const auto* limit : {"0", "101", "-1", "ten", "1e1", "99999999999999999999"}) {
      EXPECT_EQ(get(path + "?limit=" + limit, who).status, 422) << path << limit;
    }
    EXPECT_EQ(get(path + "?offset=1", who).status, 422) << path;
  }
  for (const auto* seq : {"0", "-1", "x", "1.5", "9223372036854775808"}) {
    EXPECT_EQ(get(path_ + "/messages?before=" + seq, ana_).status, 422) << seq;
  }
  EXPECT_EQ(get(path_ + "/messages?before=9223372036854775807", ana_).status, 200);
}

TEST_F(hostile, types_are_checked_field_by_field) {
  const json::value wrong_text[] = {nullptr, 5, true, json::array{"a"}, json::object{{"a", "b"}}};
  for (const auto& v : wrong_text) {
    EXPECT_EQ(post(path_ + "/messages", ana_, text_of({{"text", v}})).status, 422);
    EXPECT_EQ(post("/conversations", ana_, text_of({{"with", v}})).status, 422);
    EXPECT_EQ(post("/messages/" + message_ + "/report", ben_, text_of({{"reason", v}})).status,
              422);
  }
  const json::value wrong_number[] = {nullptr, "1", 1.5, 1e30, true, json::array{}};
  for (const auto& v : wrong_number) {
    EXPECT_EQ(post(path_ + "/read", ben_, text_of({{"seq", v}})).status, 422) << v;
    for (const auto* field : {"delivery_days", "revisions", "price"}) {
      auto offered = offer();
      offered[field] = v;
      EXPECT_EQ(post(path_ + "/offers", ben_, text_of(offered)).status, 422) << field << v;
    }
  }
  EXPECT_EQ(messages(), 1U);
}

// JSON leaves it open which of two members counts; here it is the last one, for every rule.
TEST_F(hostile, of_repeated_members_the_last_counts) {
  auto path = path_ + "/messages";
  EXPECT_EQ(post(path, ana_, R"({"text": "", "text": "seen"})").text("text"), "seen");
  EXPECT_EQ(post(path, ana_, R"({"text": "seen", "text": ""})").status, 422);
}

TEST_F(hostile, a_message_is_signed_by_who_sends_it) {
  auto path = path_ + "/messages";
  for (const auto* forged : {R"({"text": "a", "from": {"id": "x"}})", R"({"text": "a", "seq": 1})",
                             R"({"text": "a", "offer": {}})", R"({"text": "a", "id": "x"})"}) {
    EXPECT_EQ(post(path, ana_, forged).status, 422) << forged;
  }
  // Another's client id is no way to their message.
  post(path, ana_, R"({"text": "mine", "client_id": "k"})");
  auto other = post(path, ben_, R"({"text": "mine", "client_id": "k"})");
  EXPECT_EQ(other.status, 201);
  EXPECT_EQ(other["from"].at("username"), "Ben");
  // Not even in another conversation of the same person.
  auto second = post("/conversations", eva_, R"({"with": "Ana"})").text("id");
  auto again =
      post("/conversations/" + second + "/messages", ana_, R"({"text": "mine", "client_id": "k"})");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again["conversation_id"], json::value(second));
}

}  // namespace
}  // namespace oficio::chat
