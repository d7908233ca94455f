#include "platform/http/request_head.hpp"

#include <algorithm>
#include <charconv>

namespace oficio::http {
namespace {

constexpr std::size_t longest_key = 200;

std::string_view without_quotes(std::string_view tag) {
  if (tag.starts_with("W/\"")) tag.remove_prefix(2);
  if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
    tag = tag.substr(1, tag.size() - 2);
  }
  return tag;
}

}  // namespace

result<std::optional<std::int64_t>> read_if_match(const request& r) {
  auto header = r.headers.get("If-Match");
  if (header.empty() || header == "*") return std::optional<std::int64_t>{};
  auto tag = without_quotes(header);
  std::int64_t revision = -1;
  auto [end, failure] = std::from_chars(tag.data(), tag.data() + tag.size(), revision);
  if (failure != std::errc{} || end != tag.data() + tag.size() || revision < 0) {
    return error{errc::bad_request, "bad_if_match", "If-Match must be a revision, such as \"3\"."};
  }
  return std::optional<std::int64_t>{revision};
}

result<std::string> read_idempotency_key(const request& r) {
  auto key = r.headers.get("Idempotency-Key");
  bool printable = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (key.size() > longest_key || !printable || (key.empty() && r.headers.has("Idempotency-Key"))) {
    return error{errc::bad_request, "bad_idempotency_key",
                 "Idempotency-Key must be 1 to 200 printable characters without spaces."};
  }
  return std::string(key);
}

}  // namespace oficio::http
