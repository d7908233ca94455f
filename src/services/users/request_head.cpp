#include "services/users/request_head.hpp"

#include <algorithm>
#include <charconv>

#include "platform/http/query.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::users {
namespace {

constexpr std::size_t longest_key = 200;
constexpr std::size_t longest_cursor = 1'000;

std::string scope_of(const http::request& r, const std::string& list) {
  return "users/" + list + "/" + r.ctx.who.sub;
}

error bad_cursor() {
  return {errc::bad_request, "bad_cursor",
          "The cursor does not belong to this list; start again without one."};
}

result<documents::query::position> read_position(const std::string& text) {
  TRY(auto parsed, json::parse(text));
  auto* parts = parsed.if_array();
  if (!parts || parts->size() != 2 || !(*parts)[0].is_string() || !(*parts)[1].is_string()) {
    return bad_cursor();
  }
  return documents::query::position{{(*parts)[0]}, std::string((*parts)[1].as_string())};
}

}  // namespace

result<std::optional<std::int64_t>> read_if_match(const http::request& r) {
  auto tag = r.headers.get("If-Match");
  if (tag.empty() || tag == "*") return std::optional<std::int64_t>{};
  if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
    tag = tag.substr(1, tag.size() - 2);
  }
  std::int64_t revision = 0;
  auto [end, failure] = std::from_chars(tag.data(), tag.data() + tag.size(), revision);
  if (failure != std::errc{} || end != tag.data() + tag.size()) {
    return error{errc::bad_request, "bad_if_match", "If-Match must be a revision, such as \"3\"."};
  }
  return std::optional<std::int64_t>{revision};
}

result<creation> read_creation(const http::request& r) {
  auto key = r.headers.get("Idempotency-Key");
  bool printable = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (key.size() > longest_key || !printable) {
    return error{errc::bad_request, "bad_idempotency_key",
                 "Idempotency-Key must be 1 to 200 printable characters without spaces."};
  }
  return creation{std::string(key), security::digest(r.body)};
}

result<stretch> read_stretch(const http::request& r, const security::cursor_signer& cursors,
                             const std::string& list) {
  http::query_reader query(r);
  stretch s;
  s.limit = query.limit() + 1;
  auto cursor = query.text("cursor", longest_cursor);
  TRY_VOID(query.done());
  if (!cursor) return s;
  TRY(auto text, cursors.open(scope_of(r, list), *cursor));
  TRY(s.after, read_position(text));
  return s;
}

std::string cursor_behind(const documents::query::position& last, const http::request& r,
                          const security::cursor_signer& cursors, const std::string& list) {
  json::array parts{last.values.front(), last.id};
  return cursors.sign(scope_of(r, list), json::to_text(json::value(std::move(parts))));
}

}  // namespace oficio::users
