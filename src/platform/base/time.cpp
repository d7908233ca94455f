#include "platform/base/time.hpp"

#include <charconv>
#include <cstdio>

namespace oficio {
namespace {

// Reads exactly `digits` digits at `at` and moves past them.
std::optional<int> number(std::string_view text, std::size_t& at, std::size_t digits) {
  if (text.size() < at + digits) return std::nullopt;
  int value = 0;
  auto [end, failure] = std::from_chars(text.data() + at, text.data() + at + digits, value);
  if (failure != std::errc{} || end != text.data() + at + digits || text[at] == '-') {
    return std::nullopt;
  }
  at += digits;
  return value;
}

bool skip(std::string_view text, std::size_t& at, std::string_view any_of) {
  if (at >= text.size() || any_of.find(text[at]) == std::string_view::npos) return false;
  ++at;
  return true;
}

std::optional<std::chrono::milliseconds> fraction(std::string_view text, std::size_t& at) {
  if (!skip(text, at, ".")) return std::chrono::milliseconds(0);
  int value = 0;
  std::size_t digits = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits) {
    if (digits < 3) value = value * 10 + (text[at] - '0');
  }
  if (digits == 0 || digits > 9) return std::nullopt;
  for (std::size_t i = digits; i < 3; ++i) value *= 10;
  return std::chrono::milliseconds(value);
}

std::optional<std::chrono::minutes> offset(std::string_view text, std::size_t& at) {
  if (skip(text, at, "Zz")) return std::chrono::minutes(0);
  bool negative = at < text.size() && text[at] == '-';
  if (!skip(text, at, "+-")) return std::nullopt;
  auto hours = number(text, at, 2);
  if (!hours || !skip(text, at, ":")) return std::nullopt;
  auto minutes = number(text, at, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  std::chrono::minutes total{*hours * 60 + *minutes};
  return negative ? -total : total;
}

}  // namespace

std::string format_time(time_point t) {
  auto day = std::chrono::floor<std::chrono::days>(t);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss clock{t - day};
  char buffer[40];
  int length = std::snprintf(
      buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {buffer, static_cast<std::size_t>(length)};
}

std::optional<time_point> parse_time(std::string_view text) {
  std::size_t at = 0;
  auto year = number(text, at, 4);
  if (!year || !skip(text, at, "-")) return std::nullopt;
  auto month = number(text, at, 2);
  if (!month || !skip(text, at, "-")) return std::nullopt;
  auto day = number(text, at, 2);
  if (!day || !skip(text, at, "Tt ")) return std::nullopt;
  auto hour = number(text, at, 2);
  if (!hour || !skip(text, at, ":")) return std::nullopt;
  auto minute = number(text, at, 2);
  if (!minute || !skip(text, at, ":")) return std::nullopt;
  auto second = number(text, at, 2);
  if (!second) return std::nullopt;
  auto millis = fraction(text, at);
  if (!millis) return std::nullopt;
  auto zone = offset(text, at);
  if (!zone || at != text.size()) return std::nullopt;

  std::chrono::year_month_day date{std::chrono::year{*year},
                                   std::chrono::month{static_cast<unsigned>(*month)},
                                   std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} + *millis - *zone;
}

}  // namespace oficio
