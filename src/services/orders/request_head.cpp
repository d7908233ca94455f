#include "services/orders/request_head.hpp"

#include <algorithm>
#include <charconv>

#include "platform/base/random.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::orders {
namespace {

constexpr std::size_t longest_key = 200;

result<std::optional<std::int64_t>> read_if_match(std::string_view header) {
  if (header.empty() || header == "*") return std::optional<std::int64_t>{};
  std::string_view tag = header;
  if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"')
    tag = tag.substr(1, tag.size() - 2);
  std::int64_t revision = 0;
  auto [end, failure] = std::from_chars(tag.data(), tag.data() + tag.size(), revision);
  if (failure != std::errc{} || end != tag.data() + tag.size()) {
    return error{errc::bad_request, "bad_if_match",
                 "If-Match must be the order's revision, such as \"3\"."};
  }
  return std::optional<std::int64_t>{revision};
}

result<std::string> read_key(std::string_view header) {
  bool printable = std::ranges::all_of(header, [](char c) { return c > ' ' && c <= '~'; });
  if (header.size() > longest_key || !printable) {
    return error{errc::bad_request, "bad_idempotency_key",
                 "Idempotency-Key must be 1 to 200 printable characters without spaces."};
  }
  return std::string(header);
}

}  // namespace

result<edit> read_edit(const http::request& r, std::string_view said) {
  edit e;
  TRY(e.revision, read_if_match(r.headers.get("If-Match")));
  TRY(e.request.key, read_key(r.headers.get("Idempotency-Key")));
  e.request.account = r.ctx.who.sub;
  std::string text;
  for (const auto& segment : r.path) text += '/' + segment;
  e.request.digest = to_hex(security::sha256(text.append("\n").append(said)));
  return e;
}

}  // namespace oficio::orders
