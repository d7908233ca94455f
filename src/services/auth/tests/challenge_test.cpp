#include <gmock/gmock.h>

#include "services/auth/tests/running_auth.hpp"

namespace oficio::auth {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::MatchesRegex;

class challenges : public running_auth {
 protected:
  challenges() { sign_up("ana"), events_told(); }

  static std::string other_than(const std::string& code) {
    return code == "000000" ? "000001" : "000000";
  }
};

TEST_F(challenges, an_unknown_device_is_asked_for_a_code_that_is_mailed) {
  auto asked = sign_in_elsewhere("ana");
  ASSERT_EQ(asked.status, 202);
  EXPECT_EQ(asked.text("method"), "email_otp");
  EXPECT_FALSE(asked.text("challenge_id").empty());
  EXPECT_FALSE(asked.body.contains("access_token"));

  auto told = events_told();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].type, "auth.signin.challenged");
  EXPECT_EQ(told[0].data.at("email"), "ana@example.com");
  EXPECT_EQ(told[0].data.at("locale"), "en");
  auto until = parse_time(std::string(told[0].data.at("not_after").as_string()));
  ASSERT_TRUE(until);
  EXPECT_NEAR(static_cast<double>((*until - clock.now()).count()), 600'000, 60'000);
  auto code = security::unseal(seal_key, std::string(told[0].data.at("code").as_string()));
  ASSERT_TRUE(code);
  EXPECT_THAT(*code, MatchesRegex("[0-9]{6}"));

  auto in = answer_code(asked, *code);
  ASSERT_EQ(in.status, 200);
  EXPECT_EQ(in.account().at("username"), "ana");
  EXPECT_EQ(who_is(in).username, "ana");
  EXPECT_EQ(in.body.at("expires_in"), 900);
  EXPECT_EQ(post("/auth/refresh", {{"refresh_token", in.text("refresh_token")}}).status, 200);
  devices["ana"] = in.text("device_token");
  EXPECT_EQ(sign_in("ana").status, 200) << "now the device is known";
}

TEST_F(challenges, nobody_is_asked_who_lacks_the_password) {
  EXPECT_EQ(sign_in_elsewhere("ana", "wrong horse").status, 401);
  EXPECT_EQ(sign_in_elsewhere("bob").status, 401);
  EXPECT_TRUE(events_told().empty());
  EXPECT_EQ(count("challenges"), 0);
}

TEST_F(challenges, a_code_is_used_once) {
  auto asked = sign_in_elsewhere("ana");
  auto code = mailed_code();
  EXPECT_EQ(answer_code(asked, code).status, 200);
  auto again = answer_code(asked, code);
  EXPECT_EQ(again.status, 401);
  EXPECT_EQ(again.code(), "invalid_challenge");
  EXPECT_EQ(count("sessions"), 2);
}

TEST_F(challenges, of_concurrent_right_answers_one_gets_in) {
  auto asked = sign_in_elsewhere("ana");
  auto code = mailed_code();
  std::vector<std::future<answer_of>> tries;
  for (int i = 0; i < 4; ++i) {
    tries.push_back(post_later("/auth/signin/otp",
                               {{"challenge_id", asked.text("challenge_id")}, {"code", code}}));
  }
  int won = 0;
  for (auto& t : tries) won += t.get().status == 200 ? 1 : 0;
  EXPECT_EQ(won, 1);
  EXPECT_EQ(count("sessions"), 2);
}

TEST_F(challenges, a_code_can_be_guessed_five_times) {
  auto asked = sign_in_elsewhere("ana");
  auto code = mailed_code();
  for (int i = 0; i < 5; ++i) {
    auto wrong = answer_code(asked, other_than(code));
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.code(), "invalid_code");
  }
  EXPECT_EQ(answer_code(asked, code).code(), "invalid_challenge") << "also the right one";
}

TEST_F(challenges, concurrent_guesses_count_each) {
  auto asked = sign_in_elsewhere("ana");
  auto code = mailed_code();
  std::vector<std::future<answer_of>> tries;
  for (int i = 0; i < 12; ++i) {
    tries.push_back(post_later("/auth/signin/otp", {{"challenge_id", asked.text("challenge_id")},
                                                    {"code", other_than(code)}}));
  }
  int compared = 0;
  for (auto& t : tries) compared += t.get().code() == "invalid_code" ? 1 : 0;
  EXPECT_EQ(compared, 5);
}

TEST_F(challenges, a_code_holds_for_ten_minutes) {
  auto asked = sign_in_elsewhere("ana");
  auto code = mailed_code();
  clock.advance(9min);
  EXPECT_EQ(answer_code(asked, other_than(code)).code(), "invalid_code");
  clock.advance(1min);
  EXPECT_EQ(answer_code(asked, code).code(), "invalid_challenge");
}

TEST_F(challenges, a_code_belongs_to_its_own_challenge) {
  sign_up("bob");
  events_told();
  auto ana = sign_in_elsewhere("ana");
  auto code = mailed_code();
  auto bob = sign_in_elsewhere("bob");
  auto bobs = mailed_code();
  if (code != bobs) EXPECT_EQ(answer_code(bob, code).code(), "invalid_code");
  EXPECT_EQ(answer_code(ana, code).account().at("username"), "ana");
}

TEST_F(challenges, codes_are_not_sent_without_end) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(sign_in_elsewhere("ana").status, 202);
  auto refused = sign_in_elsewhere("ana");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.code(), "rate_limited");
  EXPECT_EQ(events_told().size(), 10U);
  EXPECT_EQ(sign_in("ana").status, 200) << "a known device needs none";
  clock.advance(61min);
  EXPECT_EQ(sign_in_elsewhere("ana").status, 202);
}

TEST_F(challenges, neither_id_nor_code_is_kept_in_the_clear) {
  auto asked = sign_in_elsewhere("ana");
  auto code = mailed_code();
  EXPECT_EQ(count("challenges WHERE digest = '" + asked.text("challenge_id") + "'"), 0);
  EXPECT_EQ(count("challenges WHERE code_digest = '" + code + "'"), 0);
  EXPECT_EQ(count("challenges WHERE code_digest = '" + security::digest(code) + "'"), 0)
      << "a million digests are quickly tried";
}

TEST_F(challenges, a_changed_password_makes_open_codes_void) {
  auto who = who_is(sign_in("ana"));
  auto asked = sign_in_elsewhere("ana");
  auto code = mailed_code();
  ASSERT_EQ(post("/auth/password/change",
                 {{"old_password", "correct horse"}, {"password", "battery staple"}}, who)
                .status,
            200);
  EXPECT_EQ(answer_code(asked, code).code(), "invalid_challenge");
}

}  // namespace
}  // namespace oficio::auth
