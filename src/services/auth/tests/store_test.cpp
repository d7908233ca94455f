#include "services/auth/store.hpp"

#include "platform/base/uuid.hpp"
#include "services/auth/tests/running_auth.hpp"

namespace oficio::auth {
namespace {

class store_test : public running_auth {
 protected:
  void open_session(const std::string& account_id) {
    context ctx;
    auto now = clock.now();
    auto owner = run(kept.get(ctx, account_id)).value();
    auto id = security::digest(random_hex(8));
    auto code = security::digest(random_hex(8));
    new_challenge asked{{id, now + std::chrono::minutes(10)}, code, "sealed", "a device"};
    EXPECT_TRUE(run(kept.challenge(ctx, owner, asked)).has_value());
    new_session session{
        uuid_v7(now), "", {security::digest(random_hex(8)), now + std::chrono::days(30)}};
    kept_token device{security::digest(random_hex(8)), now + std::chrono::days(365)};
    auto done = run(kept.answer_challenge(ctx, id, code, session, device));
    EXPECT_TRUE(done.has_value() && done->verdict == verdict::right);
    clock.advance(std::chrono::minutes(7));
  }

  std::size_t purge() {
    context ctx;
    auto done = run(kept.purge(ctx));
    EXPECT_TRUE(done.has_value()) << done.error().detail;
    return done.has_value() ? *done : 0;
  }

  store kept{*database, clock};
};

TEST_F(store_test, an_account_has_a_limit_of_sessions_and_devices) {
  auto up = sign_up("ana");
  auto sid = who_is(up).sid;
  events_told();
  for (int i = 0; i < 105; ++i) open_session(up.account_id());
  EXPECT_EQ(count("sessions WHERE ended_at = 0"), 100);
  EXPECT_EQ(count("devices"), 20);
  EXPECT_EQ(count("sessions WHERE ended_at > 0 AND id = '" + sid + "'"), 1) << "the oldest go";
  EXPECT_EQ(std::ranges::count(types_told(), "auth.session.ended"), 6);
}

TEST_F(store_test, purges_what_is_over_and_nothing_else) {
  auto up = sign_up("ana");
  auto who = who_is(up);
  post("/auth/refresh", {{"refresh_token", up.text("refresh_token")}});
  for (int i = 0; i < 15; ++i) open_session(up.account_id());
  post("/auth/signout-all", {}, who);
  auto in = sign_in("ana");
  EXPECT_EQ(purge(), 0U) << "just ended ones are still asked for";

  clock.advance(std::chrono::days(2));
  EXPECT_EQ(purge(), 31U) << "16 sessions, 15 challenges";
  EXPECT_EQ(count("sessions"), 1);
  EXPECT_EQ(post("/auth/refresh", {{"refresh_token", in.text("refresh_token")}}).status, 200);

  clock.advance(std::chrono::days(40));
  purge();
  EXPECT_EQ(count("sessions"), 0);
  EXPECT_EQ(count("spent_tokens"), 0);
  EXPECT_EQ(count("email_tokens"), 0);
  EXPECT_GT(count("devices"), 0);
  clock.advance(std::chrono::days(400));
  purge();
  EXPECT_EQ(count("devices"), 0);
  EXPECT_EQ(count("accounts"), 1);
}

awaitable<result<void>> fill(sql::database& db, int rows) {
  co_return co_await db.write(context{}, [rows](soci::session& s) -> result<void> {
    for (int i = 0; i < rows; ++i) {
      std::string digest = "digest" + std::to_string(i);
      s << "INSERT INTO spent_tokens (digest, session_id, expires_at) VALUES (:d, 's', 1)",
          soci::use(digest);
    }
    return {};
  });
}

TEST_F(store_test, purges_in_bounded_batches) {
  ASSERT_TRUE(run(fill(*database, 6'000)).has_value());
  EXPECT_EQ(purge(), 5'000U);
  EXPECT_EQ(purge(), 1'000U);
  EXPECT_EQ(purge(), 0U);
}

TEST_F(store_test, the_timer_purges) {
  sign_up("ana");
  clock.advance(std::chrono::days(500));
  EXPECT_TRUE(run_timer("auth.purge").has_value());
  EXPECT_EQ(count("sessions"), 0);
}

TEST_F(store_test, a_second_instance_finds_the_schema_made) {
  auto second = kept_in.open(app.blocking());
  EXPECT_NO_THROW(store(*second, clock));
}

}  // namespace
}  // namespace oficio::auth
