#include "platform/json/check.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace oficio::json {
namespace {

// Marks beyond this many on one letter are there to spill over the lines around it.
constexpr int most_marks = 5;

// The code point that begins at `at`, and how many bytes it has; bytes that are no UTF-8 count one
// each, as U+FFFF, which no text has.
std::pair<char32_t, std::size_t> code_point(std::string_view text, std::size_t at) {
  constexpr std::pair<char32_t, std::size_t> broken{0xffff, 1};
  auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1};
  std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + size > text.size()) return broken;
  char32_t point = lead & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xc0U) != 0x80U) return broken;
    point = (point << 6U) | (byte & 0x3fU);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < smallest[size] || point > 0x10ffff || surrogate ? broken : std::pair{point, size};
}

bool is_control(char32_t c) {
  return (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || (c >= 0x7f && c < 0xa0);
}

// Turns the direction of what follows, even beyond the text itself, hides in it, or is no character
// at all. The plain marks of direction (U+200E, U+200F) and the joiners of emoji do no harm.
bool is_deceptive(char32_t c) {
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 ||
         c == 0x2029 || (c >= 0xfff9 && c <= 0xfffb) || (c & 0xfffeU) == 0xfffe ||
         (c >= 0xfdd0 && c <= 0xfdef) || c == 0xfeff;
}

bool is_mark(char32_t c) {
  return (c >= 0x300 && c <= 0x36f) || (c >= 0x483 && c <= 0x489) || (c >= 0x591 && c <= 0x5bd) ||
         (c >= 0x610 && c <= 0x61a) || (c >= 0x64b && c <= 0x65f) || (c >= 0xe31 && c <= 0xe3a) ||
         (c >= 0xe47 && c <= 0xe4e) || (c >= 0x1ab0 && c <= 0x1aff) ||
         (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x20d0 && c <= 0x20ff) ||
         (c >= 0xfe20 && c <= 0xfe2f);
}

void check_characters(violations& out, const std::string& pointer, std::string_view text) {
  bool control = false;
  bool deceptive = false;
  int marks = 0;
  int most = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto [point, size] = code_point(text, at);
    control = control || is_control(point);
    deceptive = deceptive || is_deceptive(point);
    marks = is_mark(point) ? marks + 1 : 0;
    most = std::max(most, marks);
    at += size;
  }
  if (control) out.add(pointer, "control_character", "must not have control characters");
  if (deceptive) {
    out.add(pointer, "deceptive_character",
            "must not have invisible characters that change how the text is shown");
  }
  if (most > most_marks) out.add(pointer, "too_many_marks", "must not pile up accents");
}

// Spaces of all kinds, and what is made to be invisible: joiners, fillers, selectors of variants.
bool is_invisible(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || c == 0xad || c == 0x34f ||
         c == 0x115f || c == 0x1160 || c == 0x1680 || (c >= 0x17b4 && c <= 0x17b5) ||
         (c >= 0x180b && c <= 0x180f) || (c >= 0x2000 && c <= 0x200f) || c == 0x202f ||
         (c >= 0x205f && c <= 0x2064) || c == 0x2800 || c == 0x3000 || c == 0x3164 ||
         (c >= 0xfe00 && c <= 0xfe0f) || c == 0xffa0 || (c >= 0xe0000 && c <= 0xe0fff);
}

bool is_blank(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto [point, size] = code_point(text, at);
    if (!is_invisible(point)) return false;
    at += size;
  }
  return true;
}

}  // namespace

std::size_t length_of(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

void check_text(violations& out, std::string pointer, std::string_view text, std::size_t min,
                std::size_t max) {
  std::size_t length = length_of(text);
  if (length < min || (min > 0 && is_blank(text))) {
    out.add(pointer, "too_short", "must have at least " + std::to_string(min) + " characters");
  } else if (length > max) {
    out.add(pointer, "too_long", "must have at most " + std::to_string(max) + " characters");
  }
  check_characters(out, pointer, text);
}

void check_range(violations& out, std::string pointer, std::int64_t number, std::int64_t min,
                 std::int64_t max) {
  if (number >= min && number <= max) return;
  out.add(std::move(pointer), "range",
          "must be from " + std::to_string(min) + " to " + std::to_string(max));
}

void check_count(violations& out, std::string pointer, std::size_t count, std::size_t min,
                 std::size_t max) {
  if (count < min) {
    out.add(std::move(pointer), "too_few", "needs at least " + std::to_string(min));
  } else if (count > max) {
    out.add(std::move(pointer), "too_many", "takes at most " + std::to_string(max));
  }
}

}  // namespace oficio::json
