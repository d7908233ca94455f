#include "services/gateway/intake/surrogates.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace oficio::gateway::intake {
namespace {

constexpr std::size_t escape_size = 6;  // \u1234

// The unit that an escape at `at` names.
std::optional<unsigned> unit_at(std::string_view text, std::size_t at) {
  auto escape = text.substr(std::min(at, text.size()), escape_size);
  if (escape.size() < escape_size || !escape.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const char* end = escape.data() + escape.size();
  auto [stop, failure] = std::from_chars(escape.data() + 2, end, unit, 16);
  if (failure != std::errc{} || stop != end) return std::nullopt;
  return unit;
}

bool is_first_half(unsigned unit) {
  return unit >= 0xd800 && unit < 0xdc00;
}
bool is_second_half(unsigned unit) {
  return unit >= 0xdc00 && unit < 0xe000;
}

}  // namespace

std::string without_lone_surrogates(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      out += text[at++];
      continue;
    }
    auto unit = unit_at(text, at);
    std::size_t size = unit ? escape_size : 2;  // "\\" and "\"" are two
    bool alone = unit && is_second_half(*unit);
    if (unit && is_first_half(*unit)) {
      auto next = unit_at(text, at + escape_size);
      if (next && is_second_half(*next)) {
        size = 2 * escape_size;
      } else {
        alone = true;
      }
    }
    out += alone ? std::string_view("\\ufffd") : text.substr(at, size);
    at += size;
  }
  return out;
}

}  // namespace oficio::gateway::intake
