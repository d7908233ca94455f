#include <gmock/gmock.h>

#include "services/gateway/tests/market.hpp"

namespace oficio::gateway {
namespace {

using test::a_gateway;
using testing::HasSubstr;
using testing::Not;

std::string tokens_of(const std::string& access) {
  return R"({"account":{"id":"account-1"},"access_token":")" + access +
         R"(","refresh_token":"refresh-2","device_token":"device-3","expires_in":900})";
}

bool is_visitor(const http::request& r) {
  return !r.headers.has(security::identity_header);
}

TEST_F(a_gateway, refuses_bearer_tokens_that_do_not_hold) {
  open();
  auto told = [&](std::string header) {
    auto r = get("/api/v1/gigs/7", {{"Authorization", std::move(header)}});
    EXPECT_EQ(r.status, 401);
    return code_of(r);
  };
  EXPECT_EQ(told("Bearer rubbish"), "invalid_token");
  EXPECT_EQ(told("Basic YTpi"), "invalid_token");
  EXPECT_EQ(told("Bearer " + token("s", std::chrono::minutes(16))), "token_expired");
  auto good = token();
  good[good.size() / 2] = good[good.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(told("Bearer " + good), "invalid_token");
  EXPECT_EQ(services["gigs"].calls, 0);
}

TEST_F(a_gateway, takes_the_session_from_the_cookie) {
  open();
  EXPECT_EQ(get("/api/v1/orders", {{"Cookie", "x=1; access=" + token()}}).status, 200);
  EXPECT_FALSE(is_visitor(services["orders"].last));
}

TEST_F(a_gateway, takes_a_stale_cookie_for_a_visitors) {
  open();
  EXPECT_EQ(
      get("/api/v1/gigs/7", {{"Cookie", "access=" + token("s", std::chrono::minutes(16))}}).status,
      200);
  EXPECT_TRUE(is_visitor(services["gigs"].last));
  EXPECT_EQ(post("/api/v1/orders", {{"Cookie", "access=rubbish"}}).status, 200);
  EXPECT_TRUE(is_visitor(services["orders"].last));
}

TEST_F(a_gateway, asks_changing_calls_with_a_cookie_for_the_csrf_token) {
  open();
  auto with = [&](std::string csrf_cookie, std::string header) {
    return post("/api/v1/orders", {{"Cookie", "access=" + token() + "; csrf=" + csrf_cookie},
                                   {"X-CSRF-Token", header}});
  };
  auto mine = csrf();
  auto bare = post("/api/v1/orders", {{"Cookie", "access=" + token() + "; csrf=" + mine}});
  EXPECT_EQ(bare.status, 403);
  EXPECT_EQ(code_of(bare), "csrf");
  EXPECT_EQ(with(mine, "wrong").status, 403);
  EXPECT_EQ(with("", "").status, 403);
  EXPECT_EQ(with("planted", "planted").status, 403) << "a cookie that we did not make";
  EXPECT_EQ(with(csrf("session-2"), csrf("session-2")).status, 403) << "of another session";
  EXPECT_EQ(with("planted", mine).status, 403);
  EXPECT_EQ(services["orders"].calls, 0);
  for (auto method : {http::method::put, http::method::patch, http::method::del}) {
    auto path = method == http::method::patch ? "/api/v1/gigs/7" : "/api/v1/users/me/favorites/7";
    EXPECT_EQ(ask(method, path, {{"Cookie", "access=" + token()}}).status, 403);
  }
  EXPECT_EQ(with(mine, mine).status, 200);
  EXPECT_EQ(get("/api/v1/orders", {{"Cookie", "access=" + token()}}).status, 200);
  EXPECT_EQ(post("/api/v1/orders", {{"Authorization", "Bearer " + token()}}).status, 200);
}

TEST_F(a_gateway, makes_cookies_of_the_tokens_at_sign_in) {
  open({.secure_cookies = true});
  auto access = token();
  auth.answer = http::json_response(200, tokens_of(access));
  auto r = post("/api/v1/auth/signin", {{"Cookie", "device=known-device"}},
                R"({"login":"ana","password":"x"})");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.body, tokens_of(access));
  EXPECT_EQ(set_cookie(r, "access"),
            "access=" + access + "; Path=/; Max-Age=900; SameSite=Lax; HttpOnly; Secure");
  EXPECT_THAT(set_cookie(r, "refresh"), HasSubstr("refresh=refresh-2; Path=/api/v1/auth; "));
  EXPECT_THAT(set_cookie(r, "refresh"), HasSubstr("HttpOnly"));
  EXPECT_THAT(set_cookie(r, "device"), HasSubstr("Max-Age=31536000; SameSite=Lax; HttpOnly"));
  EXPECT_THAT(set_cookie(r, "csrf"), Not(HasSubstr("HttpOnly")));
  EXPECT_THAT(set_cookie(r, "csrf"), HasSubstr("csrf=" + csrf() + "; Path=/; "));
  EXPECT_EQ(json::parse(auth.last.body)->at("device_token"), "known-device");

  auth.answer =
      http::json_response(202, std::string(R"({"challenge_id":"c","method":"email_otp"})"));
  r = post("/api/v1/auth/signin", {{"Cookie", "device=known"}},
           R"({"login":"ana","device_token":"own"})");
  EXPECT_EQ(r.status, 202);
  EXPECT_EQ(set_cookie(r, "access"), "");
  EXPECT_EQ(json::parse(auth.last.body)->at("device_token"), "own");
}

TEST_F(a_gateway, lets_an_old_token_not_stand_in_the_way_of_a_new_one) {
  open();
  auth.answer = http::json_response(200, tokens_of(token()));
  auto stale = token("s", std::chrono::minutes(16));
  EXPECT_EQ(post("/api/v1/auth/refresh", {{"Authorization", "Bearer " + stale}},
                 R"({"refresh_token":"mine"})")
                .status,
            200);
  EXPECT_EQ(post("/api/v1/auth/signin", {{"Cookie", "access=" + token()}}).status, 200);
}

TEST_F(a_gateway, refreshes_by_the_cookie_when_the_body_has_no_token) {
  open();
  auth.answer = http::json_response(200, tokens_of(token()));
  std::string cookies = "refresh=old-refresh; csrf=" + csrf();
  EXPECT_EQ(post("/api/v1/auth/refresh", {{"Cookie", cookies}}).status, 403);
  for (std::string body : {"", "{}"}) {
    auto r = post("/api/v1/auth/refresh", {{"Cookie", cookies}, {"X-CSRF-Token", csrf()}}, body);
    EXPECT_EQ(r.status, 200);
    EXPECT_EQ(json::parse(auth.last.body)->at("refresh_token"), "old-refresh");
    EXPECT_THAT(set_cookie(r, "refresh"), HasSubstr("refresh-2"));
    EXPECT_THAT(set_cookie(r, "csrf"), HasSubstr(csrf())) << "pages that read it just before go on";
  }
  EXPECT_EQ(
      post("/api/v1/auth/refresh", {{"Cookie", cookies}}, R"({"refresh_token":"own"})").status,
      200);
  EXPECT_EQ(json::parse(auth.last.body)->at("refresh_token"), "own");
}

TEST_F(a_gateway, learns_at_once_which_session_a_reused_refresh_token_has_ended) {
  open({.follow_interval = std::chrono::hours(1)});
  test::headers stolen{{"Authorization", "Bearer " + token("stolen")}};
  EXPECT_EQ(get("/api/v1/orders", stolen).status, 200);
  auth.ended = {"stolen"};
  auth.answer = http::json_response(401, std::string(R"({"code":"refresh_reused"})"));
  auto r =
      post("/api/v1/auth/refresh", {{"Cookie", "refresh=used; csrf=c"}, {"X-CSRF-Token", "c"}});
  EXPECT_EQ(r.status, 401);
  EXPECT_THAT(set_cookie(r, "refresh"), HasSubstr("refresh=; Path=/api/v1/auth; Max-Age=0"));
  EXPECT_EQ(code_of(get("/api/v1/orders", stolen)), "session_ended");
}

TEST_F(a_gateway, forgets_a_session_at_sign_out) {
  open();
  auth.answer =
      http::json_response(200, std::string(R"({"session_ids":["session-1","session-2"]})"));
  auto r = post("/api/v1/auth/signout",
                {{"Cookie", "access=" + token() + "; csrf=" + csrf()}, {"X-CSRF-Token", csrf()}});
  EXPECT_EQ(r.status, 200);
  for (std::string name : {"access", "refresh", "csrf"}) {
    EXPECT_THAT(set_cookie(r, name), HasSubstr("Max-Age=0")) << name;
  }
  for (std::string sid : {"session-1", "session-2"}) {
    auto refused = get("/api/v1/orders", {{"Authorization", "Bearer " + token(sid)}});
    EXPECT_EQ(code_of(refused), "session_ended");
    EXPECT_EQ(get("/api/v1/gigs/7", {{"Cookie", "access=" + token(sid)}}).status, 200);
    EXPECT_TRUE(is_visitor(services["gigs"].last));
  }
  EXPECT_EQ(get("/api/v1/orders", {{"Authorization", "Bearer " + token("session-3")}}).status, 200);
}

TEST_F(a_gateway, forgets_a_session_that_is_deleted) {
  open();
  auth.answer = http::no_content();
  test::headers mine{{"Authorization", "Bearer " + token()}};
  EXPECT_EQ(ask(http::method::del, "/api/v1/auth/sessions/other", mine).status, 204);
  EXPECT_EQ(get("/api/v1/orders", {{"Authorization", "Bearer " + token("other")}}).status, 401);
  EXPECT_EQ(get("/api/v1/orders", mine).status, 200);
  auth.answer = http::json_response(404, std::string("{}"));
  EXPECT_EQ(ask(http::method::del, "/api/v1/auth/sessions/foreign", mine).status, 404);
  EXPECT_EQ(get("/api/v1/orders", {{"Authorization", "Bearer " + token("foreign")}}).status, 200);
}

TEST_F(a_gateway, learns_at_start_which_sessions_have_ended) {
  auth.ended = {"gone"};
  open();
  EXPECT_EQ(get("/api/v1/orders", {{"Authorization", "Bearer " + token("gone")}}).status, 401);
  auto asked_by = identities.verify(auth.asked_by, "auth");
  ASSERT_TRUE(asked_by.has_value());
  EXPECT_EQ(asked_by->sub, "gateway");
  EXPECT_TRUE(asked_by->has_role("gateway"));
}

TEST_F(a_gateway, follows_auth_until_it_is_back) {
  auth.away = true;
  open({.follow_interval = std::chrono::milliseconds(20)});
  auto r = get("/api/v1/orders", {{"Authorization", "Bearer " + token()}});
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(code_of(r), "keys_unavailable");
  EXPECT_EQ(get("/api/v1/gigs/7", {{"Cookie", "access=" + token()}}).status, 200);
  auth.away = false;
  auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (get("/api/v1/orders", {{"Authorization", "Bearer " + token()}}).status != 200) {
    ASSERT_LT(std::chrono::steady_clock::now(), until);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

TEST_F(a_gateway, asks_for_unknown_keys_but_not_for_each_made_up_one) {
  open();
  EXPECT_EQ(auth.key_fetches, 1);
  security::signing_keys other(security::signing_keys::make_text());
  auto forged = other.sign({.who = {.sub = "x", .username = "x", .roles = {"user"}, .sid = "s"},
                            .issued_at = clock.now(),
                            .expires_at = clock.now() + std::chrono::minutes(15)});
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(code_of(get("/api/v1/gigs/7", {{"Authorization", "Bearer " + forged}})),
              "invalid_token");
  }
  EXPECT_EQ(auth.key_fetches, 2);
}

TEST_F(a_gateway, lets_operators_alone_through_to_their_pages) {
  open();
  EXPECT_EQ(code_of(get("/api/v1/ops/reports")), "not_signed_in");
  auto refused = get("/api/v1/ops/reports", {{"Authorization", "Bearer " + token()}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(code_of(refused), "operators_only");
  EXPECT_EQ(services["chat"].calls, 0);
  auto theirs = token("session-9", {}, {"user", "operator"});
  EXPECT_EQ(get("/api/v1/ops/reports", {{"Authorization", "Bearer " + theirs}}).status, 200);
  auto who =
      identities.verify(services["chat"].last.headers.get(security::identity_header), "chat");
  ASSERT_TRUE(who.has_value());
  EXPECT_TRUE(who->has_role("operator"));
}

}  // namespace
}  // namespace oficio::gateway
