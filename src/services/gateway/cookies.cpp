#include "services/gateway/cookies.hpp"

#include <algorithm>

namespace oficio::gateway {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

std::string_view find_in(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    auto end = std::min(list.find(';'), list.size());
    auto pair = trimmed(list.substr(0, end));
    auto equals = pair.find('=');
    if (equals != std::string_view::npos && trimmed(pair.substr(0, equals)) == name) {
      return trimmed(pair.substr(equals + 1));
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return {};
}

}  // namespace

std::string_view cookie_value(const http::headers& from, std::string_view name) {
  for (const auto& [field, list] : from) {
    if (!http::equal_ignoring_case(field, "Cookie")) continue;
    if (auto value = find_in(list, name); !value.empty()) return value;
  }
  return {};
}

bool is_cookie_value(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
  });
}

void add_cookie(http::response& to, const cookie& c, bool secure) {
  std::string text(c.name);
  text.append("=").append(c.value).append("; Path=").append(c.path);
  text.append("; Max-Age=").append(std::to_string(c.max_age.count())).append("; SameSite=Lax");
  if (c.http_only) text.append("; HttpOnly");
  if (secure) text.append("; Secure");
  to.headers.add("Set-Cookie", std::move(text));
}

}  // namespace oficio::gateway
