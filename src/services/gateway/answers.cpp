#include "services/gateway/answers.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "platform/security/crypto.hpp"
#include "platform/security/identity_token.hpp"

namespace oficio::gateway {
namespace {

void add_header(http::response& r, std::string_view name, std::string_view value) {
  if (!r.headers.has(name)) r.headers.add(std::string(name), std::string(value));
}

bool is_read(const http::request& r) {
  return r.method == http::method::get || r.method == http::method::head;
}

// The next of a comma-separated list, without the spaces around it.
std::string_view next_of(std::string_view& list) {
  auto end = std::min(list.find(','), list.size());
  auto one = list.substr(0, end);
  list.remove_prefix(std::min(end + 1, list.size()));
  while (one.starts_with(' ')) one.remove_prefix(1);
  while (one.ends_with(' ')) one.remove_suffix(1);
  return one;
}

std::string_view without_weakness(std::string_view tag) {
  return tag.starts_with("W/") ? tag.substr(2) : tag;
}

// Weak comparison (RFC 9110, 8.8.3.2): compressed or not, it is the same thing.
bool names(std::string_view list, std::string_view tag) {
  while (!list.empty()) {
    auto one = next_of(list);
    if (one == "*" || without_weakness(one) == without_weakness(tag)) return true;
  }
  return false;
}

constexpr std::size_t digest_size = 16;  // hex digits

std::string content_tag(std::string_view own, std::string_view body) {
  own = without_weakness(own);
  bool quoted = own.size() > 2 && own.starts_with('"') && own.ends_with('"');
  std::string tag = "W/\"";
  if (quoted) tag.append(own.substr(1, own.size() - 2)) += '.';
  return tag.append(security::digest(body).substr(0, digest_size)) += '"';
}

bool is_origin(const std::string& text) {
  auto parsed = boost::urls::parse_uri(text);
  return parsed && (parsed->scheme() == "https" || parsed->scheme() == "http") &&
         !parsed->host().empty() && parsed->encoded_path().empty() && !parsed->has_query() &&
         !parsed->has_fragment() && !parsed->has_userinfo();
}

}  // namespace

bool is_public_read(const http::request& r) {
  constexpr std::string_view prefix = "/api/v1";
  constexpr std::array<std::string_view, 13> routes{"/gigs",
                                                    "/gigs/search",
                                                    "/gigs/suggest",
                                                    "/gigs/top",
                                                    "/gigs/{id}",
                                                    "/gigs/{id}/similar",
                                                    "/gigs/{id}/reviews",
                                                    "/categories",
                                                    "/users/{username}",
                                                    "/sellers/{username}",
                                                    "/sellers/{username}/gigs",
                                                    "/sellers/{username}/reviews",
                                                    "/auth/jwks"};
  std::string_view route = r.route;
  if (!is_read(r) || !route.starts_with(prefix)) return false;
  return std::ranges::find(routes, route.substr(prefix.size())) != routes.end();
}

void harden(http::response& r, bool over_https, bool for_other_origins) {
  add_header(r, "X-Content-Type-Options", "nosniff");
  add_header(r, "Referrer-Policy", "strict-origin-when-cross-origin");
  add_header(r, "X-Frame-Options", "DENY");
  add_header(r, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  add_header(r, "Permissions-Policy",
             "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
  add_header(r, "Cross-Origin-Opener-Policy", "same-origin");
  add_header(r, "Cross-Origin-Resource-Policy", for_other_origins ? "cross-origin" : "same-origin");
  add_header(r, "Cache-Control", "no-store");
  if (over_https) add_header(r, "Strict-Transport-Security", "max-age=31536000");
  r.headers.remove(security::identity_header);
}

origins::origins(std::string_view list) {
  while (!list.empty()) {
    std::string one(next_of(list));
    if (!is_origin(one)) {
      throw std::invalid_argument("\"" + one + "\" is no origin such as https://market.example");
    }
    listed_.push_back(std::move(one));
  }
}

void origins::tell(const http::request& asked, http::response& answer) const {
  if (listed_.empty()) return;
  vary_by(answer, "Origin");
  auto origin = asked.headers.get("Origin");
  if (std::ranges::find(listed_, origin) == listed_.end()) return;
  auto& h = answer.headers;
  h.set("Access-Control-Allow-Origin", std::string(origin));
  h.set("Access-Control-Allow-Credentials", "true");
  if (asked.method == http::method::options && asked.headers.has("Access-Control-Request-Method")) {
    h.set("Access-Control-Allow-Methods", std::string(h.get("Allow")));
    h.set("Access-Control-Allow-Headers",
          "Authorization, Content-Encoding, Content-Type, Idempotency-Key, If-Match, "
          "If-None-Match, X-CSRF-Token, "
          "traceparent");
    h.set("Access-Control-Max-Age", "600");
  } else {
    h.set("Access-Control-Expose-Headers", "ETag, Location, Retry-After, X-Request-Id");
  }
}

void answer_conditionally(const http::request& asked, http::response& answer) {
  if (!is_read(asked) || answer.status != 200) return;
  if (is_public_read(asked)) {
    if (!answer.body.empty()) {
      answer.headers.set("ETag", content_tag(answer.headers.get("ETag"), answer.body));
    }
    // Somebody's own: a seller may see more of a gig than others do.
    answer.headers.set("Cache-Control", "private, no-cache");
  }
  auto tag = answer.headers.get("ETag");
  if (tag.empty() || !names(asked.headers.get("If-None-Match"), tag)) return;
  answer.status = 304;
  answer.body.clear();
  answer.headers.remove("Content-Type");
  answer.headers.remove("Content-Length");
}

std::string revision_tag(std::string_view if_match) {
  auto tag = without_weakness(if_match);
  auto dot = tag.rfind('.');
  // "3.9f86d081884c7d65"
  bool ours = dot != std::string_view::npos && dot > 1 && tag.starts_with('"') &&
              tag.ends_with('"') && tag.size() == dot + digest_size + 2;
  if (!ours) return std::string(if_match);
  return std::string(tag.substr(0, dot)) + '"';
}

void vary_by(http::response& r, std::string_view name) {
  std::string_view list = r.headers.get("Vary");
  std::string all(list);
  while (!list.empty()) {
    auto one = next_of(list);
    if (one == "*" || http::equal_ignoring_case(one, name)) return;
  }
  all.append(all.empty() ? "" : ", ").append(name);
  r.headers.set("Vary", std::move(all));
}

}  // namespace oficio::gateway
