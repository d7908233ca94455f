#include <gmock/gmock.h>

#include "services/auth/tests/running_auth.hpp"

namespace oficio::auth {
namespace {

using namespace std::chrono_literals;

class guessing : public running_auth {
 protected:
  // Wrong ones until one is told to wait; how many that took.
  int until_refused(const std::string& login) {
    for (int i = 1; i <= 100; ++i) {
      last = sign_in_elsewhere(login, "wrong horse");
      if (last.status == 429) return i;
      EXPECT_EQ(last.status, 401);
    }
    return 0;
  }
  answer_of last;
};

TEST_F(guessing, passwords_is_slowed_down_for_known_and_unknown_people_alike) {
  sign_up("ana");
  int known = until_refused("ana");
  auto refused = last;
  EXPECT_EQ(refused.code(), "rate_limited");
  EXPECT_EQ(until_refused("bob"), known);
  EXPECT_EQ(last.text("detail"), refused.text("detail"));
  EXPECT_EQ(sign_in_elsewhere("eve", "wrong horse").status, 401) << "others are not slowed down";
}

TEST_F(guessing, also_the_right_one_must_wait_and_the_wait_grows) {
  sign_up("ana");
  until_refused("ana");
  EXPECT_EQ(sign_in_elsewhere("ana").status, 429);
  clock.advance(1'100ms);
  EXPECT_EQ(sign_in_elsewhere("ana", "wrong horse").status, 401);
  clock.advance(1'100ms);
  EXPECT_EQ(sign_in_elsewhere("ana").status, 429) << "two seconds by now";
  clock.advance(1s);
  EXPECT_EQ(sign_in_elsewhere("ana").status, 202);
  EXPECT_EQ(sign_in_elsewhere("ana", "wrong horse").status, 401) << "who knew it starts anew";
}

TEST_F(guessing, from_elsewhere_does_not_lock_the_owner_out) {
  sign_up("ana");
  until_refused("ana");
  EXPECT_EQ(sign_in("ana").status, 200) << "the device is known";
}

TEST_F(guessing, at_many_accounts_from_one_address_is_slowed_down) {
  sign_up("ana");
  int tried = 0;
  while (tried < 300) {
    auto answer = sign_in_elsewhere("person" + std::to_string(tried), "wrong horse");
    if (answer.status == 429) break;
    ++tried;
  }
  EXPECT_EQ(tried, 101);
  EXPECT_EQ(sign_in("ana").status, 429) << "whoever shares the address";
  clock.advance(10min);
  EXPECT_EQ(sign_in("ana").status, 200);
}

TEST_F(guessing, right_ones_from_one_address_cost_nothing) {
  sign_up("ana");
  for (int i = 0; i < 150; ++i) ASSERT_EQ(sign_in("ana").status, 200);
}

TEST_F(guessing, codes_from_one_address_is_slowed_down) {
  int tried = 0;
  for (; tried < 300; ++tried) {
    auto answer =
        post("/auth/signin/otp", {{"challenge_id", std::to_string(tried)}, {"code", "123456"}});
    if (answer.status == 429) break;
    EXPECT_EQ(answer.code(), "invalid_challenge");
  }
  EXPECT_EQ(tried, 101);
}

}  // namespace
}  // namespace oficio::auth
