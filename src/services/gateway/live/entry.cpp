#include "services/gateway/live/entry.hpp"

#include <algorithm>

#include "platform/http/problem.hpp"
#include "platform/json/json.hpp"
#include "services/gateway/cookies.hpp"

namespace oficio::gateway {
namespace {

constexpr std::chrono::milliseconds patience{5'000};
constexpr std::size_t deepest_auth = 8;

std::string token_in(const std::string& auth) {
  auto read = json::parse(auth, deepest_auth);
  const auto* all = read.has_value() ? read->if_object() : nullptr;
  const auto* found = all ? all->if_contains("token") : nullptr;
  const auto* text = found ? found->if_string() : nullptr;
  return text ? std::string(*text) : std::string();
}

}  // namespace

std::shared_ptr<socket_owner> owner_of(const realtime::socket& s) {
  return s.data<socket_owner>();
}

json::value problem_of(const error& why) {
  auto told = json::parse(http::problem(why, context::for_system(patience)).body);
  return told.has_value() ? std::move(*told) : json::value();
}

realtime::refusal refusal_of(const error& why) {
  auto told = problem_of(why);
  auto* detail = told.is_object() ? told.get_object().if_contains("detail") : nullptr;
  auto* text = detail ? detail->if_string() : nullptr;
  return {text ? std::string(*text) : why.code, std::move(told)};
}

// The page's own server, or a listed one. A browser sends no Origin with a GET to the page's own
// server, but then says so in a field that no page can write.
bool entry::is_allowed(const http::headers& from) const {
  auto origin = from.get("Origin");
  if (origin.empty()) return from.get("Sec-Fetch-Site") == "same-origin";
  if (std::ranges::find(allowed_.listed(), origin) != allowed_.listed().end()) return true;
  for (std::string_view scheme : {"https://", "http://"}) {
    if (!origin.starts_with(scheme)) continue;
    return http::equal_ignoring_case(origin.substr(scheme.size()), from.get("Host")) &&
           (scheme == "https://" || !only_https_);
  }
  return false;
}

awaitable<result<std::shared_ptr<socket_owner>>> entry::admit(realtime::visitor v) {
  const auto& from = v.from->headers;
  auto token = token_in(v.auth);
  if (token.empty()) {
    token = cookie_value(from, "access");
    if (token.empty()) {
      co_return error{errc::unauthorized, "not_signed_in", "Sign in to be told at once."};
    }
    if (!is_allowed(from)) {
      co_return error{errc::forbidden, "origin_not_allowed",
                      "This page may not use the session's cookie."};
    }
  }
  CO_TRY(auto claims, co_await known_.verify(context::for_system(patience), std::move(token)));
  auto owner = std::make_shared<socket_owner>();
  owner->who = std::move(claims.who);
  owner->until = claims.expires_at;
  owner->address = v.from->remote_address;
  co_return owner;
}

}  // namespace oficio::gateway
