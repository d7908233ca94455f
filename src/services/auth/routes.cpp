#include "services/auth/routes.hpp"

#include "platform/hosting/service.hpp"
#include "platform/http/body.hpp"
#include "platform/http/json_response.hpp"
#include "platform/http/query.hpp"

namespace oficio::auth {
namespace {

using answer = awaitable<result<http::response>>;
using use_cases = std::shared_ptr<service>;

struct account_answer {
  auth::account account;
};
BOOST_DESCRIBE_STRUCT(account_answer, (), (account))

struct ended_answer {
  std::vector<std::string> session_ids;
};
BOOST_DESCRIBE_STRUCT(ended_answer, (), (session_ids))

// An account has few: they come all at once.
struct session_list {
  std::vector<session_shown> items;
  std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(session_list, (), (items, next_cursor))

struct ended_list {
  std::vector<ended_session> items;
};
BOOST_DESCRIBE_STRUCT(ended_list, (), (items))

// What holds tokens or personal data must not rest in anybody's cache.
template <class T>
http::response fresh(int status, const T& body) {
  auto out = http::json_response(status, body);
  out.headers.set("Cache-Control", "no-store");
  return out;
}

answer sign_up(use_cases s, http::request& r) {
  CO_TRY(auto input, http::read_body<sign_up_request>(r));
  CO_TRY(auto who, co_await s->sign_up(r.ctx, std::move(input)));
  co_return fresh(201, who);
}

answer sign_in(use_cases s, http::request& r) {
  CO_TRY(auto input, http::read_body<sign_in_request>(r));
  CO_TRY(auto outcome, co_await s->sign_in(r.ctx, std::move(input), r.remote_address));
  if (auto* asked = std::get_if<challenged>(&outcome)) co_return fresh(202, *asked);
  co_return fresh(200, std::get<signed_in>(outcome));
}

answer answer_challenge(use_cases s, http::request& r) {
  CO_TRY(auto input, http::read_body<code_request>(r));
  CO_TRY(auto who, co_await s->answer_challenge(r.ctx, std::move(input), r.remote_address));
  co_return fresh(200, who);
}

answer refresh(use_cases s, http::request& r) {
  CO_TRY(auto input, http::read_body<refresh_request>(r));
  CO_TRY(auto who, co_await s->refresh(r.ctx, std::move(input.refresh_token)));
  co_return fresh(200, who);
}

answer sign_out(use_cases s, http::request& r) {
  CO_TRY(auto ids, co_await s->sign_out(r.ctx));
  co_return fresh(200, ended_answer{std::move(ids)});
}

answer sign_out_everywhere(use_cases s, http::request& r) {
  CO_TRY(auto ids, co_await s->sign_out_everywhere(r.ctx));
  co_return fresh(200, ended_answer{std::move(ids)});
}

answer list_sessions(use_cases s, http::request& r) {
  CO_TRY(auto items, co_await s->list_sessions(r.ctx));
  co_return fresh(200, session_list{std::move(items)});
}

answer end_session(use_cases s, http::request& r) {
  CO_TRY(auto ids, co_await s->end_session(r.ctx, r.param("id")));
  co_return fresh(200, ended_answer{std::move(ids)});
}

answer forgot(use_cases s, http::request& r) {
  CO_TRY(auto input, http::read_body<forgot_request>(r));
  CO_TRY_VOID(co_await s->forgot_password(r.ctx, std::move(input.email), r.remote_address));
  co_return http::response{.status = 202, .headers = {}, .body = {}, .failure = {}};
}

answer reset(use_cases s, http::request& r) {
  CO_TRY(auto input, http::read_body<reset_request>(r));
  CO_TRY(auto ids, co_await s->reset_password(r.ctx, std::move(input)));
  co_return fresh(200, ended_answer{std::move(ids)});
}

answer change_password(use_cases s, http::request& r) {
  CO_TRY(auto input, http::read_body<change_password_request>(r));
  CO_TRY(auto ids, co_await s->change_password(r.ctx, std::move(input)));
  co_return fresh(200, ended_answer{std::move(ids)});
}

answer me(use_cases s, http::request& r) {
  CO_TRY(auto who, co_await s->me(r.ctx));
  co_return fresh(200, account_answer{std::move(who)});
}

answer resend(use_cases s, http::request& r) {
  CO_TRY_VOID(co_await s->resend_verification(r.ctx));
  co_return http::no_content();
}

answer verify(use_cases s, http::request& r) {
  CO_TRY(auto input, http::read_body<verify_request>(r));
  CO_TRY(auto who, co_await s->verify_email(r.ctx, std::move(input.token)));
  co_return fresh(200, account_answer{std::move(who)});
}

answer jwks(use_cases s) {
  auto out = http::json_response(200, json::value(s->jwks()));
  out.headers.set("Cache-Control", "public, max-age=300");
  co_return out;
}

answer ended(use_cases s, http::request& r) {
  http::query_reader query(r);
  auto text = query.text("since", 40);
  CO_TRY_VOID(query.done());
  time_point since;
  if (text) {
    auto parsed = parse_time(*text);
    if (!parsed) {
      co_return invalid({{"?since", "type", "must be a time such as 2026-01-31T09:30:00Z"}});
    }
    since = *parsed;
  }
  CO_TRY(auto items, co_await s->ended_since(r.ctx, since));
  co_return fresh(200, ended_list{std::move(items)});
}

}  // namespace

void add_routes(http::router& routes, use_cases s) {
  using hosting::for_gateway;
  using http::request;
  routes.post("/auth/signup", [s](request& r) { return sign_up(s, r); });
  routes.post("/auth/signin", [s](request& r) { return sign_in(s, r); });
  routes.post("/auth/signin/otp", [s](request& r) { return answer_challenge(s, r); });
  routes.post("/auth/refresh", [s](request& r) { return refresh(s, r); });
  routes.post("/auth/signout", hosting::signed_in([s](request& r) { return sign_out(s, r); }));
  routes.post("/auth/signout-all",
              hosting::signed_in([s](request& r) { return sign_out_everywhere(s, r); }));
  routes.get("/auth/sessions", hosting::signed_in([s](request& r) { return list_sessions(s, r); }));
  routes.del("/auth/sessions/{id}",
             hosting::signed_in([s](request& r) { return end_session(s, r); }));
  routes.post("/auth/password/forgot", [s](request& r) { return forgot(s, r); });
  routes.post("/auth/password/reset", [s](request& r) { return reset(s, r); });
  routes.post("/auth/password/change",
              hosting::signed_in([s](request& r) { return change_password(s, r); }));
  routes.get("/auth/me", hosting::signed_in([s](request& r) { return me(s, r); }));
  routes.post("/auth/email/resend", hosting::signed_in([s](request& r) { return resend(s, r); }));
  routes.post("/auth/email/verify", [s](request& r) { return verify(s, r); });
  routes.get("/auth/jwks", [s](request&) { return jwks(s); });
  routes.get("/internal/sessions/ended", for_gateway([s](request& r) { return ended(s, r); }));
}

}  // namespace oficio::auth
