#include "platform/json/check.hpp"

#include <algorithm>
#include <utility>

#include "platform/base/unicode.hpp"

namespace oficio::json {
namespace {

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

std::int64_t signed_of(std::size_t bound) {
  return static_cast<std::int64_t>(bound);
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
    out.add(pointer, "too_short", "must have at least " + std::to_string(min) + " characters",
            {.min = signed_of(min)});
  } else if (length > max) {
    out.add(pointer, "too_long", "must have at most " + std::to_string(max) + " characters",
            {.max = signed_of(max)});
  }
  check_characters(out, pointer, text);
}

void check_range(violations& out, std::string pointer, std::int64_t number, std::int64_t min,
                 std::int64_t max) {
  if (number >= min && number <= max) return;
  out.add(std::move(pointer), "range",
          "must be from " + std::to_string(min) + " to " + std::to_string(max),
          {.min = min, .max = max});
}

void check_count(violations& out, std::string pointer, std::size_t count, std::size_t min,
                 std::size_t max) {
  if (count < min) {
    out.add(std::move(pointer), "too_few", "needs at least " + std::to_string(min),
            {.min = signed_of(min)});
  } else if (count > max) {
    out.add(std::move(pointer), "too_many", "takes at most " + std::to_string(max),
            {.max = signed_of(max)});
  }
}

}  // namespace oficio::json
