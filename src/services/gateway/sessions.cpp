#include "services/gateway/sessions.hpp"

#include "platform/base/uuid.hpp"
#include "platform/http/problem.hpp"
#include "platform/json/json.hpp"
#include "services/gateway/cookies.hpp"

namespace oficio::gateway {
namespace {

constexpr std::chrono::seconds key_fetch_pause{5};
// A new key is published a minute before it signs: nobody must meet it unknown.
constexpr std::chrono::seconds key_refresh{20};
// Clocks of gateways and auth may differ a little, and a write may become visible late.
constexpr std::chrono::seconds overlap{30};

std::string_view bearer_of(std::string_view header) {
  constexpr std::string_view scheme = "Bearer ";
  if (!http::equal_ignoring_case(header.substr(0, scheme.size()), scheme)) return {};
  return header.substr(scheme.size());
}

error refused(std::string code, std::string detail) {
  return {errc::unauthorized, std::move(code), std::move(detail)};
}

struct ended_item {
  std::string session_id;
  time_point ended_at;
};
BOOST_DESCRIBE_STRUCT(ended_item, (), (session_id, ended_at))

struct ended_page {
  std::vector<ended_item> items;
};
BOOST_DESCRIBE_STRUCT(ended_page, (), (items))

}  // namespace

sessions::sessions(const wall_clock& clock, const security::identity_tokens& identities,
                   http::upstream* auth, telemetry::logger log)
    : clock_(clock), identities_(identities), auth_(auth), log_(std::move(log)), verifier_(clock) {}

awaitable<result<caller>> sessions::identify(const http::request& r) {
  if (auto header = r.headers.get("Authorization"); !header.empty()) {
    auto token = bearer_of(header);
    if (token.empty()) {
      co_return refused("invalid_token", "The Authorization header must be a bearer token.");
    }
    CO_TRY(auto known, co_await verify(r.ctx, std::string(token)));
    co_return caller{std::move(known.who), proof::bearer};
  }
  auto token = cookie_value(r.headers, "access");
  if (token.empty()) co_return caller{};
  auto known = co_await verify(r.ctx, std::string(token));
  if (known.has_error()) co_return caller{};
  co_return caller{std::move(known->who), proof::cookie};
}

awaitable<result<security::access_claims>> sessions::verify(context ctx, std::string token) {
  auto claims = verifier_.verify(token);
  if (claims.has_error() && claims.error().code == "unknown_key") {
    if (may_fetch_keys()) {
      auto fetched = co_await fetch_keys(ctx);
      if (fetched.has_error()) {
        log_.log(telemetry::level::warning, ctx, "cannot fetch auth's keys",
                 {{"error.message", fetched.error().detail}});
      }
      claims = verifier_.verify(token);
    }
    if (!have_keys_) {
      co_return error{errc::unavailable,
                      "keys_unavailable",
                      "Sessions cannot be checked just now.",
                      {},
                      key_fetch_pause};
    }
  }
  if (claims.has_error() && claims.error().code == "unknown_key") {
    co_return refused("invalid_token", "The access token does not hold.");
  }
  CO_TRY(auto known, std::move(claims));
  if (ended_.contains(known.who.sid)) co_return refused("session_ended", "This session has ended.");
  co_return known;
}

result<void> sessions::still_holds(const std::string& session_id, time_point until) const {
  if (until <= clock_.now()) return refused("token_expired", "The access token has expired.");
  if (ended_.contains(session_id)) return refused("session_ended", "This session has ended.");
  return {};
}

// True for one caller each few seconds: made-up key ids must not become calls to auth.
bool sessions::may_fetch_keys() {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  auto due = next_key_fetch_.load();
  return now.count() >= due &&
         next_key_fetch_.compare_exchange_strong(due, (now + key_fetch_pause).count());
}

awaitable<result<boost::json::object>> sessions::ask_auth(context ctx, std::string target) {
  if (!auth_) co_return error{errc::unavailable, "no_auth", "This gateway has no auth service."};
  http::request r;
  r.target = std::move(target);
  r.ctx = std::move(ctx);
  identity gateway{.sub = "gateway", .username = "gateway", .roles = {"gateway"}};
  r.headers.set(security::identity_header, identities_.issue(gateway, "auth"));
  CO_TRY(auto answer, co_await auth_->send(r));
  if (answer.status != 200) co_return http::read_problem(answer);
  CO_TRY(auto parsed, json::parse(answer.body));
  auto* body = parsed.if_object();
  if (!body) co_return error{errc::bad_upstream, "bad_upstream", "auth answered no object."};
  co_return std::move(*body);
}

awaitable<result<void>> sessions::fetch_keys(context ctx) {
  CO_TRY(auto jwks, co_await ask_auth(std::move(ctx), "/auth/jwks"));
  CO_TRY_VOID(verifier_.set_keys(jwks));
  have_keys_ = true;
  keys_fetched_at_ = std::chrono::steady_clock::now().time_since_epoch().count();
  co_return result<void>{};
}

bool sessions::keys_are_old() const {
  auto age = std::chrono::steady_clock::now().time_since_epoch() -
             std::chrono::steady_clock::duration(keys_fetched_at_.load());
  return age >= key_refresh;
}

awaitable<result<void>> sessions::fetch_ended(context ctx) {
  auto now = clock_.now();
  auto since = std::max(ended_known_until_.load(), now - ended_sessions::lifetime) - overlap;
  auto target = "/internal/sessions/ended?since=" + http::encode_segment(format_time(since));
  CO_TRY(auto body, co_await ask_auth(std::move(ctx), std::move(target)));
  CO_TRY(auto page, json::from_stored<ended_page>(json::value(std::move(body))));
  for (const auto& item : page.items) hear_of_end(item.session_id);
  ended_known_until_ = now;
  co_return result<void>{};
}

awaitable<result<void>> sessions::catch_up() {
  context ctx;
  ctx.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  ctx.trace = trace_context::start();
  ctx.request_id = uuid_v7(clock_.now());
  if (!have_keys_ || keys_are_old()) CO_TRY_VOID(co_await fetch_keys(ctx));
  co_return co_await fetch_ended(ctx);
}

}  // namespace oficio::gateway
