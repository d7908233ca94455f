#include <gmock/gmock.h>

#include "services/auth/operators.hpp"
#include "services/auth/store.hpp"
#include "services/auth/tests/running_auth.hpp"

namespace oficio::auth {
namespace {

using testing::ElementsAre;

class operators : public running_auth {
 protected:
  result<operator_change> set(const std::string& username, bool is_operator) {
    // As the command line does it: beside the running service, on a connection of its own.
    auto own = kept_in.open(app.blocking());
    auto ctx = context::for_system();
    return run(set_operator(*own, clock, ctx, username, is_operator));
  }
};

TEST_F(operators, are_made_of_accounts_whose_sessions_end) {
  auto up = sign_up("Ana");
  auto bob = sign_up("bob");
  events_told();
  auto done = set("ANA", true);
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(done->username, "Ana");
  EXPECT_TRUE(done->changed);
  EXPECT_EQ(done->ended, 1U);
  auto told = events_told();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].type, "auth.account.updated");
  EXPECT_EQ(told[0].data.at("account").at("roles"), (json::array{"user", "operator"}));
  EXPECT_EQ(told[1].type, "auth.session.ended");
  EXPECT_EQ(post("/auth/refresh", {{"refresh_token", up.text("refresh_token")}}).status, 401);
  EXPECT_EQ(post("/auth/refresh", {{"refresh_token", bob.text("refresh_token")}}).status, 200);
  EXPECT_TRUE(who_is(sign_in("ana")).has_role("operator"));
}

TEST_F(operators, stay_so_until_it_is_taken_away) {
  sign_up("ana");
  ASSERT_TRUE(set("ana", true).has_value());
  events_told();
  EXPECT_FALSE(set("ana", true)->changed);
  EXPECT_TRUE(events_told().empty()) << "nothing has changed";
  auto in = sign_in("ana");
  EXPECT_TRUE(set("ana", false)->changed);
  EXPECT_THAT(types_told(), ElementsAre("auth.account.updated", "auth.session.ended"));
  EXPECT_EQ(post("/auth/refresh", {{"refresh_token", in.text("refresh_token")}}).status, 401);
  EXPECT_EQ(who_is(sign_in("ana")).roles, (std::vector<std::string>{"user"}));
  EXPECT_FALSE(set("ana", false)->changed);
}

TEST_F(operators, must_have_an_account) {
  auto done = set("nobody' OR 1=1 --", true);
  ASSERT_TRUE(done.has_error());
  EXPECT_EQ(done.error().kind, errc::not_found);
}

TEST_F(operators, are_not_made_by_people) {
  sign_up("ana");
  store kept(*database, clock);
  auto ctx = context::for_system();
  identity ana{.sub = "x", .username = "ana", .roles = {"user", "operator"}};
  EXPECT_EQ(run(kept.set_operator(ctx, ana, "ana", true)).error().kind, errc::forbidden);
  EXPECT_EQ(post("/auth/signup", {{"username", "eve"},
                                  {"email", "eve@example.com"},
                                  {"password", "correct horse"},
                                  {"roles", json::array{"operator"}}})
                .status,
            422);
}

}  // namespace
}  // namespace oficio::auth
