#include "services/users/unsubscribe.hpp"

#include "platform/base/uuid.hpp"
#include "platform/security/crypto.hpp"
#include "town.hpp"

namespace oficio::users {
namespace {

using http::method;

class unsubscribing : public town {
 protected:
  unsubscribing() : ana_(somebody("ana")) {
    EXPECT_TRUE(
        tell("reviews.reply.published", {{"review",
                                          {{"id", "r1"},
                                           {"order_id", "o1"},
                                           {"from", {{"id", ana_.sub}, {"username", "ana"}}},
                                           {"about", {{"id", "b"}, {"username", "bruno"}}}}}})
            .has_value());
    auto sealed = raised("users.notice.created").back().data.at("unsubscribe").as_string();
    token_ = security::unseal(std::string(32, 'k'), {sealed.data(), sealed.size()}).value();
  }

  json::value channels() { return get("/users/me", ana_).body.at("notifications").at("review"); }

  identity ana_;
  std::string token_;
};

TEST_F(unsubscribing, ends_mails_of_one_kind_with_one_click) {
  auto done = ask(method::post, "/unsubscribe?token=" + token_, {}, "List-Unsubscribe=One-Click",
                  {{"Content-Type", "application/x-www-form-urlencoded"}});
  EXPECT_EQ(done.status, 204);
  EXPECT_EQ(json::to_text(channels()), R"(["live"])");
  EXPECT_EQ(json::to_text(get("/users/me", ana_).body.at("notifications").at("order")),
            R"(["email","live"])");
  EXPECT_EQ(ask(method::post, "/unsubscribe?token=" + token_, {}).status, 204);
}

TEST_F(unsubscribing, asks_first_when_the_link_is_followed) {
  auto asked = get("/unsubscribe?token=" + token_);
  EXPECT_EQ(asked.status, 200);
  EXPECT_EQ(asked.headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_NE(asked.text.find("<form method=\"post\" action=\"?token=" + token_ + "\">"),
            std::string::npos);
  EXPECT_NE(asked.headers.get("Content-Security-Policy").find("form-action 'self'"),
            std::string_view::npos);
  EXPECT_EQ(json::to_text(channels()), R"(["email","live"])");
  auto done =
      ask(method::post, "/unsubscribe?token=" + token_, {}, "", {{"Accept", "text/html,*/*"}});
  EXPECT_NE(done.text.find("no more e-mail about reviews"), std::string::npos);
  EXPECT_EQ(json::to_text(channels()), R"(["live"])");
}

TEST_F(unsubscribing, speaks_the_persons_language) {
  ASSERT_EQ(ask(method::patch, "/users/me", ana_, R"({"locale": "es"})").status, 200);
  EXPECT_NE(get("/unsubscribe?token=" + token_).text.find("correos sobre reseñas"),
            std::string::npos);
}

TEST_F(unsubscribing, refuses_forged_tokens) {
  unsubscribe_tokens other("another key", std::string(32, 'k'));
  auto flipped = token_;
  flipped[10] = flipped[10] == 'A' ? 'B' : 'A';
  for (const auto& bad : {other.make({ana_.sub, "review"}), flipped, token_.substr(1), token_ + "A",
                          std::string(), std::string("%3Cscript%3E"), std::string(300, 'A')}) {
    EXPECT_EQ(ask(method::post, "/unsubscribe?token=" + bad, {}).code(), "bad_token") << bad;
    EXPECT_EQ(get("/unsubscribe?token=" + bad).status, 400) << bad;
  }
  EXPECT_EQ(ask(method::post, "/unsubscribe?token=" + std::string(500, 'A'), {}).status, 422);
  EXPECT_EQ(ask(method::post, "/unsubscribe", {}).code(), "bad_token");
  EXPECT_EQ(json::to_text(channels()), R"(["email","live"])");
}

TEST_F(unsubscribing, takes_no_list_cursor_for_a_token) {
  for (int i = 0; i < 2; ++i) {
    ask(method::put, "/users/me/favorites/" + uuid_v7(clock_.now()), ana_);
  }
  auto cursor = get("/users/me/favorites?limit=1", ana_).body.at("next_cursor").as_string();
  EXPECT_EQ(get("/unsubscribe?token=" + std::string(cursor)).code(), "bad_token");
}

TEST_F(unsubscribing, knows_tokens_of_people_who_are_there) {
  unsubscribe_tokens ours("a key for cursors", std::string(32, 'k'));
  auto token = ours.make({uuid_v7(clock_.now()), "order"});
  EXPECT_EQ(ask(method::post, "/unsubscribe?token=" + token, {}).status, 404);
  EXPECT_EQ(ask(method::post, "/unsubscribe?token=" + ours.make({ana_.sub, "spam"}), {}).code(),
            "bad_token");
}

}  // namespace
}  // namespace oficio::users
