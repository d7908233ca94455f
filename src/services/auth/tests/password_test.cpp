#include <gmock/gmock.h>

#include "services/auth/tests/running_auth.hpp"

namespace oficio::auth {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class changing_passwords : public running_auth {
 protected:
  answer_of forgot(const std::string& email) {
    return post("/auth/password/forgot", {{"email", email}});
  }
  answer_of reset(const std::string& token, const std::string& password = "battery staple") {
    return post("/auth/password/reset", {{"token", token}, {"password", password}});
  }
  answer_of change(const answer_of& by, const std::string& current,
                   const std::string& next = "battery staple") {
    return post("/auth/password/change", {{"old_password", current}, {"password", next}},
                who_is(by));
  }
};

TEST_F(changing_passwords, a_forgotten_one_is_set_by_the_mailed_link) {
  auto up = sign_up("ana");
  sign_in("ana");
  auto asked = forgot("ANA@example.com");
  EXPECT_EQ(asked.status, 202);
  auto token = mailed_reset();
  auto done = reset(token);
  ASSERT_EQ(done.status, 200);
  EXPECT_EQ(done.body.at("session_ids").as_array().size(), 2U) << "all have ended";
  EXPECT_THAT(types_told(), ElementsAre("auth.password.changed", "auth.session.ended"));
  EXPECT_EQ(post("/auth/refresh", {{"refresh_token", up.text("refresh_token")}}).status, 401);
  EXPECT_EQ(sign_in("ana").status, 401);
  EXPECT_EQ(sign_in("ana", "battery staple").status, 200);
  EXPECT_EQ(reset(token).code(), "token_used");
}

TEST_F(changing_passwords, what_is_told_goes_to_the_person_and_holds_no_secret_in_the_clear) {
  sign_up("ana");
  events_told();
  forgot("ana@example.com");
  auto told = events_told();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].type, "auth.password.reset_requested");
  EXPECT_EQ(told[0].data.at("email"), "ana@example.com");
  EXPECT_EQ(told[0].data.at("username"), "ana");
  auto token = security::unseal(seal_key, std::string(told[0].data.at("token").as_string()));
  ASSERT_TRUE(token);
  EXPECT_EQ(count("reset_tokens WHERE digest = '" + *token + "'"), 0);
  EXPECT_EQ(count("reset_tokens WHERE digest = '" + security::digest(*token) + "'"), 1);
  reset(*token);
  told = events_told();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].data.at("email"), "ana@example.com");
  EXPECT_TRUE(told[0].data.contains("not_after"));
}

TEST_F(changing_passwords, asking_tells_nobody_who_has_an_account) {
  sign_up("ana");
  events_told();
  auto known = forgot("ana@example.com");
  auto unknown = forgot("bob@example.com");
  EXPECT_EQ(unknown.status, known.status);
  EXPECT_EQ(unknown.body, known.body);
  EXPECT_EQ(count("reset_tokens"), 2) << "the same is written";
  EXPECT_THAT(types_told(), ElementsAre("auth.password.reset_requested"));
  auto last = [&](const std::string& email) {
    answer_of a;
    for (int i = 0; i < 10; ++i) a = forgot(email);
    return a;
  };
  known = last("ana@example.com");
  unknown = last("bob@example.com");
  EXPECT_EQ(known.status, 429);
  EXPECT_EQ(unknown.status, 429);
  EXPECT_EQ(unknown.text("detail"), known.text("detail"));
}

TEST_F(changing_passwords, links_hold_for_an_hour_and_only_if_they_are_ours) {
  sign_up("ana");
  forgot("ana@example.com");
  auto token = mailed_reset();
  EXPECT_EQ(reset("x").code(), "unknown_token");
  EXPECT_EQ(reset("").code(), "validation_failed");
  EXPECT_EQ(reset(std::string(201, 'x')).code(), "validation_failed");
  clock.advance(60min);
  EXPECT_EQ(reset(token).code(), "token_expired");
  EXPECT_EQ(sign_in("ana").status, 200);
}

TEST_F(changing_passwords, the_link_of_an_unknown_address_opens_nothing) {
  forgot("bob@example.com");
  ASSERT_EQ(count("reset_tokens WHERE account_id = ''"), 1);
  EXPECT_TRUE(events_told().empty()) << "nobody ever learns that token";
}

TEST_F(changing_passwords, of_concurrent_resets_one_wins) {
  sign_up("ana");
  forgot("ana@example.com");
  auto token = mailed_reset();
  std::vector<std::future<answer_of>> tries;
  for (int i = 0; i < 6; ++i) {
    tries.push_back(
        post_later("/auth/password/reset",
                   {{"token", token}, {"password", "battery staple" + std::to_string(i)}}));
  }
  int won = 0;
  for (auto& t : tries) {
    auto answer = t.get();
    won += answer.status == 200 ? 1 : 0;
    if (answer.status != 200) EXPECT_EQ(answer.code(), "token_used");
  }
  EXPECT_EQ(won, 1);
}

TEST_F(changing_passwords, one_reset_makes_other_links_void) {
  sign_up("ana");
  forgot("ana@example.com");
  auto first = mailed_reset();
  forgot("ana@example.com");
  auto second = mailed_reset();
  EXPECT_EQ(reset(second).status, 200);
  EXPECT_EQ(reset(first).code(), "token_used");
}

TEST_F(changing_passwords, new_ones_follow_the_rules) {
  auto up = sign_up("ana-maria-x");
  forgot("ana-maria-x@example.com");
  auto token = mailed_reset();
  EXPECT_EQ(reset(token, "short").status, 422);
  auto easy = reset(token, "ANA-maria-x");
  EXPECT_EQ(easy.status, 422);
  EXPECT_EQ(easy.body.at("errors").at(0).at("pointer"), "/password");
  EXPECT_EQ(change(up, "correct horse", "ana-maria-x").status, 422);
  EXPECT_EQ(change(up, "correct horse", std::string(129, 'x')).status, 422);
  EXPECT_EQ(reset(token).status, 200) << "the link was not used up";
}

TEST_F(changing_passwords, needs_the_old_one_and_ends_the_other_sessions) {
  auto up = sign_up("ana");
  auto here = sign_in("ana");
  sign_up("bob");
  events_told();
  auto wrong = change(here, "wrong horse");
  EXPECT_EQ(wrong.status, 403);
  EXPECT_EQ(wrong.code(), "wrong_password");
  EXPECT_TRUE(events_told().empty());
  auto done = change(here, "correct horse");
  ASSERT_EQ(done.status, 200);
  EXPECT_EQ(done.body.at("session_ids"), (json::array{json::value(who_is(up).sid)}));
  EXPECT_THAT(types_told(), ElementsAre("auth.password.changed", "auth.session.ended"));
  EXPECT_EQ(post("/auth/refresh", {{"refresh_token", up.text("refresh_token")}}).status, 401);
  EXPECT_EQ(post("/auth/refresh", {{"refresh_token", here.text("refresh_token")}}).status, 200);
  EXPECT_EQ(sign_in("ana").status, 401);
  EXPECT_EQ(sign_in("ana", "battery staple").status, 200);
  EXPECT_EQ(sign_in("bob").status, 200);
  EXPECT_EQ(post("/auth/password/change").status, 401);
}

TEST_F(changing_passwords, guessing_the_old_one_is_slowed_down) {
  auto up = sign_up("ana");
  answer_of last;
  for (int i = 0; i < 30 && last.status != 429; ++i) last = change(up, "wrong horse");
  EXPECT_EQ(last.status, 429);
}

}  // namespace
}  // namespace oficio::auth
