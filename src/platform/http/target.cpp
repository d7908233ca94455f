#include <algorithm>
#include <optional>

#include "platform/http/message.hpp"
#include "platform/http/utf8.hpp"

namespace oficio::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) {
      c = ' ';
    } else if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      int high = hex_digit(text[i + 1]);
      int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    out += c;
  }
  if (!detail::is_utf8(out)) return std::nullopt;
  return out;
}

// Cuts the part before `separator` off the front of `rest`.
std::string_view next_part(std::string_view& rest, char separator) {
  auto end = std::min(rest.find(separator), rest.size());
  auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

bool parse_path(std::string_view text, request& out) {
  while (!text.empty()) {
    auto part = next_part(text, '/');
    if (part.empty()) continue;
    auto segment = decode(part, false);
    // Judged after decoding: "%2e%2e" is "..", too.
    if (!segment || *segment == "." || *segment == "..") return false;
    out.path.push_back(std::move(*segment));
  }
  return true;
}

bool parse_query(std::string_view text, request& out) {
  while (!text.empty()) {
    auto value = next_part(text, '&');
    if (value.empty()) continue;
    auto name = next_part(value, '=');
    auto decoded_name = decode(name, true);
    auto decoded_value = decode(value, true);
    if (!decoded_name || !decoded_value) return false;
    out.query.emplace_back(std::move(*decoded_name), std::move(*decoded_value));
  }
  return true;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

}  // namespace

bool parse_target(std::string_view target, request& out) {
  auto is_stray = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '#';
  };
  if (!target.starts_with('/') || std::ranges::any_of(target, is_stray)) return false;
  out.target = target;
  out.path.clear();
  out.query.clear();
  auto path = next_part(target, '?');
  return parse_path(path, out) && parse_query(target, out);
}

std::string encode_segment(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      auto byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return out;
}

}  // namespace oficio::http
