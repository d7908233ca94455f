#include <fstream>

#include <gmock/gmock.h>

#include "services/auth/key_vault.hpp"
#include "services/auth/tests/running_auth.hpp"

namespace oficio::auth {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST_F(running_auth, signs_people_up) {
  auto body = person("Ana");
  body["country"] = "UY";
  body["locale"] = "es";
  auto up = post("/auth/signup", body);
  ASSERT_EQ(up.status, 201);
  EXPECT_EQ(up.account().at("username"), "Ana");
  EXPECT_EQ(up.account().at("email"), "Ana@example.com");
  EXPECT_EQ(up.account().at("email_verified"), false);
  EXPECT_EQ(up.account().at("roles"), (json::array{"user"}));
  EXPECT_FALSE(up.account().contains("password_hash"));
  EXPECT_EQ(up.body.at("expires_in"), 900);
  EXPECT_FALSE(up.text("refresh_token").empty());
  EXPECT_FALSE(up.text("device_token").empty());

  auto who = who_is(up);
  EXPECT_EQ(who.sub, up.account_id());
  EXPECT_EQ(who.username, "Ana");
  EXPECT_EQ(who.roles, (std::vector<std::string>{"user"}));
  EXPECT_EQ(who.locale, "es");
  EXPECT_EQ(who.country, "UY");
  EXPECT_FALSE(who.sid.empty());
  EXPECT_FALSE(who.email_verified);
}

TEST_F(running_auth, tells_of_new_accounts) {
  auto up = sign_up("ana");
  auto told = events_told();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].type, "auth.account.registered");
  EXPECT_EQ(told[0].subject, up.account_id());
  EXPECT_EQ(told[0].source, "/oficio/auth");
  EXPECT_EQ(told[0].version(), 1);
  EXPECT_EQ(told[0].data.at("concerns"), (json::array{up.account_id()}));
  EXPECT_EQ(told[0].data.at("account"), up.body.at("account"));
  EXPECT_EQ(told[1].type, "auth.email.verification_requested");
  EXPECT_EQ(told[1].data.at("email"), "ana@example.com");
  EXPECT_EQ(told[1].data.at("username"), "ana");
  auto until = parse_time(std::string(told[1].data.at("not_after").as_string()));
  ASSERT_TRUE(until);
  EXPECT_NEAR(static_cast<double>((*until - clock.now()).count()), 86'400'000, 60'000);
}

TEST_F(running_auth, keeps_no_token_and_no_password_in_the_clear) {
  auto up = sign_up("ana");
  auto token = mailed_token();
  database.reset();
  auto all = kept_in.contents();
  ASSERT_NE(all.find("ana@example.com"), std::string::npos) << "the wrong place was looked at";
  for (const auto& secret : {up.text("refresh_token"), up.text("device_token"), token,
                             up.text("access_token"), std::string("correct horse")}) {
    EXPECT_EQ(all.find(secret), std::string::npos);
  }
}

TEST_F(running_auth, names_and_addresses_are_taken_whatever_their_case) {
  sign_up("ana");
  auto same_name = person("ANA");
  same_name["email"] = "other@example.com";
  auto refused = post("/auth/signup", same_name);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "username_taken");
  auto same_address = person("other");
  same_address["email"] = "ANA@EXAMPLE.COM";
  refused = post("/auth/signup", same_address);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "email_taken");
  EXPECT_EQ(count("accounts"), 1);
}

TEST_F(running_auth, of_concurrent_sign_ups_of_one_name_one_wins) {
  std::vector<std::future<answer_of>> tries;
  for (int i = 0; i < 8; ++i) {
    auto body = person("ana");
    body["email"] = "ana" + std::to_string(i) + "@example.com";
    tries.push_back(post_later("/auth/signup", body));
  }
  int won = 0;
  for (auto& t : tries) {
    auto answer = t.get();
    if (answer.status == 201) {
      ++won;
    } else {
      EXPECT_EQ(answer.status, 409);
      EXPECT_EQ(answer.code(), "username_taken");
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(count("accounts"), 1);
  EXPECT_EQ(count("sessions"), 1);
  EXPECT_EQ(events_told().size(), 2U);
}

TEST_F(running_auth, of_concurrent_sign_ups_of_one_address_one_wins) {
  std::vector<std::future<answer_of>> tries;
  for (int i = 0; i < 8; ++i) {
    auto body = person("ana" + std::to_string(i));
    body["email"] = "ana@example.com";
    tries.push_back(post_later("/auth/signup", body));
  }
  int won = 0;
  for (auto& t : tries) {
    auto answer = t.get();
    won += answer.status == 201 ? 1 : 0;
    if (answer.status != 201) EXPECT_EQ(answer.code(), "email_taken");
  }
  EXPECT_EQ(won, 1);
}

TEST_F(running_auth, signs_in_by_name_or_address) {
  sign_up("Ana");
  for (const std::string login : {"Ana", "ana", "ANA@example.com"}) {
    auto in = sign_in(login);
    ASSERT_EQ(in.status, 200) << login;
    EXPECT_EQ(in.account().at("username"), "Ana");
    EXPECT_EQ(who_is(in).username, "Ana");
    EXPECT_FALSE(in.text("device_token").empty());
  }
}

TEST_F(running_auth, says_the_same_of_wrong_passwords_and_unknown_people) {
  sign_up("ana");
  auto wrong = sign_in("ana", "wrong horse");
  auto unknown = sign_in("bob");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.code(), "invalid_credentials");
  EXPECT_EQ(unknown.status, wrong.status);
  EXPECT_EQ(unknown.code(), wrong.code());
  EXPECT_EQ(unknown.text("detail"), wrong.text("detail"));
  EXPECT_EQ(sign_in("ana", "").status, 401);
  EXPECT_EQ(sign_in("ana", "Correct horse").status, 401);
}

class slow_auth : public running_auth {
 protected:
  slow_auth() : running_auth(security::argon2_cost{}) {}

  double time_to_refuse(const std::string& login) {
    auto quickest = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 4; ++i) {
      auto begun = std::chrono::steady_clock::now();
      EXPECT_EQ(sign_in(login, "wrong horse").status, 401);
      quickest = std::min(quickest, std::chrono::steady_clock::now() - begun);
    }
    return std::chrono::duration<double>(quickest).count();
  }
};

TEST_F(slow_auth, takes_as_long_for_unknown_people) {
  sign_up("ana");
  double known = time_to_refuse("ana");
  double unknown = time_to_refuse("bob");
  EXPECT_LT(known, unknown * 3);
  EXPECT_LT(unknown, known * 3);
}

TEST_F(running_auth, a_device_keeps_its_token_for_its_own_account) {
  auto up = sign_up("ana");
  sign_up("bob");
  auto device = up.text("device_token");
  auto with = [&](const std::string& login) {
    return post("/auth/signin", {{"login", login},
                                 {"password", "correct horse"},
                                 {"device", "Firefox"},
                                 {"device_token", device}});
  };
  EXPECT_EQ(with("ana").text("device_token"), device);
  EXPECT_EQ(with("bob").status, 202);
  clock.advance(std::chrono::days(300));
  EXPECT_EQ(with("ana").text("device_token"), device) << "use makes it last";
  clock.advance(std::chrono::days(366));
  EXPECT_EQ(with("ana").status, 202);
}

TEST_F(running_auth, knows_who_is_signed_in) {
  auto up = sign_up("ana");
  auto me = get("/auth/me", who_is(up));
  EXPECT_EQ(me.status, 200);
  EXPECT_EQ(me.account(), up.account());
  for (const std::string path : {"/auth/signout", "/auth/signout-all", "/auth/email/resend"}) {
    EXPECT_EQ(post(path).status, 401) << path;
  }
  EXPECT_EQ(get("/auth/me").status, 401);
  EXPECT_EQ(get("/auth/me", {.sub = "01900000-0000-7000-8000-000000000000"}).status, 401);
}

TEST_F(running_auth, verifies_an_address_once) {
  auto up = sign_up("ana");
  auto token = mailed_token();
  auto verified = post("/auth/email/verify", {{"token", token}});
  ASSERT_EQ(verified.status, 200);
  EXPECT_EQ(verified.account().at("email_verified"), true);
  auto told = events_told();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[1].type, "auth.account.updated");
  EXPECT_EQ(told[0].type, "auth.account.verified");
  EXPECT_EQ(told[0].version(), 2);
  EXPECT_EQ(told[0].data.at("account"), verified.body.at("account"));
  EXPECT_TRUE(who_is(sign_in("ana")).email_verified);

  auto again = post("/auth/email/verify", {{"token", token}});
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code(), "already_verified");
  EXPECT_EQ(post("/auth/email/resend", {}, who_is(up)).code(), "already_verified");
  EXPECT_TRUE(events_told().empty());
}

TEST_F(running_auth, of_concurrent_verifications_one_tells) {
  sign_up("ana");
  auto token = mailed_token();
  std::vector<std::future<answer_of>> tries;
  for (int i = 0; i < 6; ++i) tries.push_back(post_later("/auth/email/verify", {{"token", token}}));
  int won = 0;
  for (auto& t : tries) won += t.get().status == 200 ? 1 : 0;
  EXPECT_EQ(won, 1);
  EXPECT_THAT(types_told(), ElementsAre("auth.account.verified", "auth.account.updated"));
}

TEST_F(running_auth, old_and_unknown_links_verify_nothing) {
  sign_up("ana");
  auto token = mailed_token();
  EXPECT_EQ(post("/auth/email/verify", {{"token", "x"}}).code(), "unknown_token");
  EXPECT_EQ(post("/auth/email/verify", {{"token", ""}}).status, 422);
  EXPECT_EQ(post("/auth/email/verify").code(), "validation_failed");
  clock.advance(24h);
  auto late = post("/auth/email/verify", {{"token", token}});
  EXPECT_EQ(late.status, 422);
  EXPECT_EQ(late.code(), "token_expired");
  EXPECT_TRUE(events_told().empty());
}

TEST_F(running_auth, sends_another_link_but_not_too_many) {
  auto who = who_is(sign_up("ana"));
  auto first = mailed_token();
  EXPECT_EQ(post("/auth/email/resend", {}, who).status, 204);
  auto second = mailed_token();
  EXPECT_NE(first, second);
  answer_of last;
  for (int i = 0; i < 10 && last.status != 429; ++i) last = post("/auth/email/resend", {}, who);
  EXPECT_EQ(last.code(), "rate_limited");
  EXPECT_EQ(post("/auth/email/verify", {{"token", second}}).status, 200);
}

TEST_F(running_auth, takes_hostile_text_for_text) {
  const std::string nasty = R"('"; DROP TABLE accounts; -- \ % _ :id $1 {} <b> é 😀)";
  EXPECT_EQ(
      post("/auth/signup", {{"username", nasty}, {"email", nasty}, {"password", nasty}}).status,
      422);
  auto up = post("/auth/signup",
                 {{"username", "ana"}, {"email", "o'hara+%_{}@example.com"}, {"password", nasty}});
  ASSERT_EQ(up.status, 201);
  EXPECT_EQ(sign_in("O'Hara+%_{}@example.com", nasty).status, 202);
  for (const std::string login : {"' OR 1=1 --", "an_", "a%", "%", ":value", "ana' --", "ana\\"}) {
    EXPECT_EQ(sign_in(login, nasty).code(), "invalid_credentials") << login;
  }
  EXPECT_EQ(sign_in(std::string("ana\0", 4), nasty).status, 422);
  auto in =
      post("/auth/signin",
           {{"login", "ana"}, {"password", nasty}, {"device", nasty}, {"device_token", nasty}});
  EXPECT_EQ(in.status, 202);
  EXPECT_EQ(post("/auth/refresh", {{"refresh_token", nasty}}).status, 401);
  EXPECT_EQ(post("/auth/email/verify", {{"token", nasty}}).status, 422);
  auto who = who_is(up);
  who.sid = nasty;
  EXPECT_EQ(post("/auth/signout", {}, who).status, 200);
  who.sub = nasty;
  EXPECT_EQ(get("/auth/me", who).status, 401);
  EXPECT_TRUE(post("/auth/signout-all", {}, who).body.at("session_ids").as_array().empty());
  EXPECT_EQ(count("accounts"), 1);
}

TEST_F(running_auth, bad_bodies_are_told_by_field) {
  EXPECT_EQ(run(ask(auth.routes, http::method::post, "/auth/signup", "{", {})).code(),
            "malformed_json");
  auto missing = post("/auth/signup", {{"username", "ana"}, {"admin", true}});
  EXPECT_EQ(missing.status, 422);
  EXPECT_GE(missing.body.at("errors").as_array().size(), 3U);
  EXPECT_EQ(post("/auth/signin", {{"login", 1}, {"password", json::array{}}}).status, 422);
  EXPECT_EQ(post("/auth/refresh", {{"refresh_token", nullptr}}).status, 422);
}

TEST_F(running_auth, follows_profiles_in_their_order) {
  auto who = who_is(sign_up("ana"));
  events_told();
  auto tell = [&](std::int64_t version, std::string locale, std::string country) {
    events::envelope e;
    e.type = "users.profile.updated";
    e.data = {{"version", version},
              {"profile",
               {{"id", who.sub},
                {"username", "ana"},
                {"avatar", nullptr},
                {"locale", locale},
                {"country", country}}}};
    auto ctx = context::for_system();
    return run(auth.subscriptions.at(0).handle(e, ctx)).has_value();
  };
  EXPECT_TRUE(tell(3, "es", "UY"));
  EXPECT_TRUE(tell(3, "es", "UY")) << "twice is harmless";
  EXPECT_TRUE(tell(2, "pt", "BR")) << "late is harmless";
  auto now = who_is(sign_in("ana"));
  EXPECT_EQ(now.locale, "es");
  EXPECT_EQ(now.country, "UY");
  auto news = events_told();
  ASSERT_EQ(news.size(), 1U) << "told once, for it changed once";
  EXPECT_EQ(news[0].type, "auth.account.updated");
  EXPECT_EQ(news[0].data.at("account").at("locale"), "es");
  EXPECT_TRUE(tell(4, "es", "UY"));
  EXPECT_TRUE(events_told().empty()) << "nothing is new";
  post("/auth/email/resend", {}, who);
  auto told = events_told();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].data.at("locale"), "es");

  auto ctx = context::for_system();
  auto bad = run(auth.subscriptions.at(0).handle(events::envelope{}, ctx));
  EXPECT_EQ(bad.error().code, "malformed_event");
}

awaitable<void> spoil_keys(sql::database& db) {
  auto done = co_await db.write(context{}, [](soci::session& s) -> result<void> {
    s << "UPDATE signing_keys SET sealed = 'broken'";
    return {};
  });
  EXPECT_TRUE(done.has_value());
}

TEST_F(running_auth, begins_with_the_keys_that_it_is_given_and_shares_them_with_others) {
  auto kid = get("/auth/jwks").body.at("keys").at(0).at("kid");
  security::signing_keys others;
  auto second = make(
      env, {*database, others, passwords, guessing_limits, security::signing_keys::make_text()});
  run(second.start());
  EXPECT_EQ(others.jwks().at("keys").at(0).at("kid"), kid) << "the first instance has made them";
}

TEST_F(running_auth, takes_up_a_rotated_key_while_it_runs) {
  auto up = sign_up("ana");
  key_vault vault(*database, seal_key);
  auto ctx = context::for_system();
  auto done = *run(vault.rotate(ctx, clock.now()));
  EXPECT_TRUE(run_timer("auth.keys").has_value());
  EXPECT_EQ(get("/auth/jwks").body.at("keys").as_array().size(), 2U);
  EXPECT_EQ(who_is(up).username, "ana");
  clock.advance(61s);
  EXPECT_EQ(who_is(sign_in("ana")).username, "ana");
  EXPECT_EQ(who_is(up).username, "ana") << "tokens of before hold";
  clock.advance(16min);
  auto keys_left = get("/auth/jwks").body.at("keys").as_array();
  ASSERT_EQ(keys_left.size(), 1U);
  EXPECT_EQ(keys_left[0].at("kid").as_string(), done.new_kid);
  key_vault of_others(*database, std::string(32, 'o'));
  EXPECT_EQ(run(of_others.read(ctx)).error().code, "sealed_otherwise");
  EXPECT_EQ(run(of_others.rotate(ctx, clock.now())).error().code, "sealed_otherwise");
  run(spoil_keys(*database));
  EXPECT_EQ(run_timer("auth.keys").error().code, "sealed_otherwise");
  EXPECT_EQ(who_is(sign_in("ana")).username, "ana") << "the keys stay as they were";
}

TEST_F(running_auth, is_ready_with_its_database) {
  auto ctx = context::for_system();
  EXPECT_EQ(auth.checks.at(0).name, "database");
  EXPECT_TRUE(run(auth.checks.at(0).run(ctx)).has_value());
}

}  // namespace
}  // namespace oficio::auth
