#include "services/gateway/auth_calls.hpp"

#include <algorithm>

#include "platform/json/json.hpp"
#include "platform/security/crypto.hpp"
#include "services/gateway/cookies.hpp"

namespace oficio::gateway {
namespace {

constexpr std::string_view auth_path = "/api/v1/auth";
constexpr std::chrono::days refresh_age{30};
constexpr std::chrono::days device_age{365};

std::optional<json::object> object_in(std::string_view body) {
  auto parsed = json::parse(body);
  if (!parsed.has_value() || !parsed->is_object()) return std::nullopt;
  return std::move(parsed->get_object());
}

std::string text_at(const json::object& from, std::string_view name) {
  auto* found = from.if_contains(name);
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::string();
}

bool opens_session(treatment how) {
  return how == treatment::opens || how == treatment::signs_in || how == treatment::refreshes;
}

bool is_success(int status) {
  return status >= 200 && status < 300;
}

// Adds `name` to a JSON body that lacks it. A body that is no object is left for auth to refuse.
bool add_member(http::request& to, std::string_view name, std::string_view value) {
  auto body = object_in(to.body.empty() ? std::string_view("{}") : std::string_view(to.body));
  if (!body || body->contains(name)) return false;
  if (to.body.empty()) to.headers.set("Content-Type", "application/json");
  body->emplace(name, value);
  to.body = json::to_text(json::value(std::move(*body)));
  return true;
}

void forget_cookies(http::response& answer, bool secure) {
  add_cookie(answer, {.name = "access", .value = {}}, secure);
  add_cookie(answer, {.name = "refresh", .value = {}, .path = auth_path}, secure);
  add_cookie(answer, {.name = "csrf", .value = {}, .http_only = false}, secure);
}

std::chrono::seconds access_age(const json::object& body) {
  auto* seconds = body.if_contains("expires_in");
  auto* number = seconds ? seconds->if_int64() : nullptr;
  return std::chrono::seconds(number ? std::clamp<std::int64_t>(*number, 1, 86'400) : 900);
}

// Straight from auth: what its token says needs no check here.
std::string session_in(std::string_view access_token) {
  auto dot = access_token.find('.');
  if (dot == std::string_view::npos) return {};
  auto claims = access_token.substr(dot + 1);
  auto text = security::from_base64url(claims.substr(0, claims.find('.')));
  auto body = text ? object_in(*text) : std::nullopt;
  return body ? text_at(*body, "sid") : std::string();
}

error csrf_refused() {
  return {errc::forbidden, "csrf",
          "A call that is proved by a cookie must repeat the csrf cookie in X-CSRF-Token."};
}

bool repeats_cookie(const http::request& r) {
  auto cookie = cookie_value(r.headers, "csrf");
  return !cookie.empty() && security::equal_in_constant_time(cookie, r.headers.get("X-CSRF-Token"));
}

void remember_tokens(const security::identity_tokens& proofs, const json::object& body, bool secure,
                     http::response& answer) {
  auto access = text_at(body, "access_token");
  auto refresh = text_at(body, "refresh_token");
  auto device = text_at(body, "device_token");
  if (access.empty() || !is_cookie_value(access) || !is_cookie_value(refresh)) return;
  add_cookie(answer, {.name = "access", .value = access, .max_age = access_age(body)}, secure);
  if (!refresh.empty()) {
    add_cookie(answer,
               {.name = "refresh", .value = refresh, .path = auth_path, .max_age = refresh_age},
               secure);
  }
  if (!device.empty() && is_cookie_value(device)) {
    add_cookie(answer,
               {.name = "device", .value = device, .path = auth_path, .max_age = device_age},
               secure);
  }
  auto csrf = csrf_token(proofs, session_in(access));
  add_cookie(answer, {.name = "csrf", .value = csrf, .max_age = refresh_age, .http_only = false},
             secure);
}

}  // namespace

bool is_changing(http::method m) {
  return m != http::method::get && m != http::method::head && m != http::method::options;
}

std::string csrf_token(const security::identity_tokens& proofs, std::string_view session_id) {
  return proofs.proof("csrf", session_id);
}

result<void> check_csrf(const security::identity_tokens& proofs, const http::request& r,
                        std::string_view session_id) {
  if (repeats_cookie(r) && proofs.is_proof("csrf", session_id, r.headers.get("X-CSRF-Token"))) {
    return {};
  }
  return csrf_refused();
}

result<bool> add_from_cookies(treatment how, const http::request& from, http::request& to) {
  if (how == treatment::signs_in) {
    auto device = cookie_value(from.headers, "device");
    if (!device.empty()) add_member(to, "device_token", device);
  }
  if (how != treatment::refreshes) return false;
  auto refresh = cookie_value(from.headers, "refresh");
  if (refresh.empty() || !add_member(to, "refresh_token", refresh)) return false;
  if (!repeats_cookie(from)) return csrf_refused();
  return true;
}

void keep_cookies(treatment how, const security::identity_tokens& proofs, bool refreshed_by_cookie,
                  bool secure, http::response& answer) {
  if (how == treatment::signs_out && is_success(answer.status)) forget_cookies(answer, secure);
  if (refreshed_by_cookie && answer.status == 401) forget_cookies(answer, secure);
  if (!opens_session(how) || (answer.status != 200 && answer.status != 201)) return;
  if (auto body = object_in(answer.body)) {
    remember_tokens(proofs, *body, secure, answer);
  }
}

void note_ended(treatment how, const http::request& asked, const http::response& answer,
                sessions& known) {
  if (how == treatment::plain || how == treatment::proves || how == treatment::upload ||
      how == treatment::download) {
    return;
  }
  if (how == treatment::signs_out && is_success(answer.status)) known.end(asked.ctx.who.sid);
  if (how == treatment::ends && is_success(answer.status) && asked.params.contains("id")) {
    known.end(asked.param("id"));
  }
  auto body = object_in(answer.body);
  auto* found = body ? body->if_contains("session_ids") : nullptr;
  auto* ids = found ? found->if_array() : nullptr;
  if (!ids) return;
  for (const auto& id : *ids) {
    if (auto* text = id.if_string()) known.end(std::string(text->data(), text->size()));
  }
}

bool ended_unnamed(treatment how, const http::response& answer) {
  if (how != treatment::refreshes || answer.status != 401) return false;
  auto body = object_in(answer.body);
  return body && text_at(*body, "code") == "refresh_reused";
}

}  // namespace oficio::gateway
