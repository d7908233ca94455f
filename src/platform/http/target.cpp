#include <algorithm>
#include <optional>

#include "platform/http/message.hpp"

namespace oficio::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// How many bytes the code point at the front of `text` takes; 0 if it is not UTF-8 (overlong forms,
// surrogates and what lies beyond U+10FFFF are not).
std::size_t code_point_size(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char first = byte(0);
  if (first < 0x80) return 1;
  std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  }
  bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  bool surrogate = first == 0xed && byte(1) > 0x9f;
  bool beyond = first == 0xf4 && byte(1) > 0x8f;
  return overlong || surrogate || beyond ? 0 : size;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    std::size_t size = code_point_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
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
  if (!is_utf8(out)) return std::nullopt;
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
