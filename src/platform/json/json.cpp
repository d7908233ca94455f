#include "platform/json/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <boost/json/stream_parser.hpp>

namespace oficio::json {
namespace {

// Numbers as people write them: 4.75 and 5.0, where Boost.JSON's own serializer says 4.75E0. What
// is no number has no form in JSON.
void write_double(std::string& to, double number) {
  if (!std::isfinite(number)) {
    to += "null";
    return;
  }
  std::array<char, 32> text{};
  auto [end, failure] = std::to_chars(text.data(), text.data() + text.size(), number);
  std::string_view digits(text.data(), static_cast<std::size_t>(end - text.data()));
  to += digits;
  if (digits.find_first_of(".e") == std::string_view::npos) to += ".0";  // it stays a fraction
}

void write_escaped(std::string& to, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::string_view plain = "\"\\\b\f\n\r\t";
  constexpr std::string_view marks = "\"\\bfnrt";
  to += '\\';
  if (auto at = plain.find(c); at != std::string_view::npos) {
    to += marks[at];
    return;
  }
  auto byte = static_cast<unsigned char>(c);
  to.append("u00") += digits[byte >> 4U];
  to += digits[byte & 15U];
}

void write_string(std::string& to, std::string_view text) {
  to += '"';
  std::size_t written = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    to.append(text, written, i - written);
    write_escaped(to, c);
    written = i + 1;
  }
  to.append(text, written) += '"';
}

template <class Number>
void write_integer(std::string& to, Number number) {
  std::array<char, 24> text{};
  auto [end, failure] = std::to_chars(text.data(), text.data() + text.size(), number);
  to.append(text.data(), end);
}

// As deep as the value is, which whoever made it has bounded.
void write(std::string& to, const value& v) {
  switch (v.kind()) {
    case boost::json::kind::null:
      to += "null";
      break;
    case boost::json::kind::bool_:
      to += v.get_bool() ? "true" : "false";
      break;
    case boost::json::kind::int64:
      write_integer(to, v.get_int64());
      break;
    case boost::json::kind::uint64:
      write_integer(to, v.get_uint64());
      break;
    case boost::json::kind::double_:
      write_double(to, v.get_double());
      break;
    case boost::json::kind::string:
      write_string(to, {v.get_string().data(), v.get_string().size()});
      break;
    case boost::json::kind::array: {
      to += '[';
      bool first = true;
      for (const auto& item : v.get_array()) {
        if (!std::exchange(first, false)) to += ',';
        write(to, item);
      }
      to += ']';
      break;
    }
    case boost::json::kind::object: {
      to += '{';
      bool first = true;
      for (const auto& member : v.get_object()) {
        if (!std::exchange(first, false)) to += ',';
        write_string(to, {member.key().data(), member.key().size()});
        to += ':';
        write(to, member.value());
      }
      to += '}';
      break;
    }
  }
}

bool is_finite(const value& v) {
  if (auto* number = v.if_double()) return std::isfinite(*number);
  if (auto* items = v.if_array()) return std::ranges::all_of(*items, is_finite);
  auto* members = v.if_object();
  return !members ||
         std::ranges::all_of(*members, [](const auto& m) { return is_finite(m.value()); });
}

// Only a number with an exponent can be too large for a double; most texts have none, and need no
// second look.
bool may_overflow(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    bool exponent = text[i] == 'e' || text[i] == 'E';
    if (exponent && text[i - 1] >= '0' && text[i - 1] <= '9') return true;
  }
  return text.size() > 300;  // so many digits
}

}  // namespace

result<value> parse(std::string_view text, std::size_t max_depth) {
  boost::json::parse_options options;
  options.max_depth = max_depth;
  boost::json::stream_parser parser({}, options);
  boost::system::error_code failure;
  std::size_t used = parser.write_some(text.data(), text.size(), failure);
  if (!failure && used < text.size()) {
    auto rest = text.substr(used);
    if (rest.find_first_not_of(" \t\r\n") != std::string_view::npos) {
      failure = boost::json::make_error_code(boost::json::error::extra_data);
    }
  }
  if (!failure) parser.finish(failure);
  if (failure) {
    return error{errc::bad_request, "malformed_json",
                 "The body is not JSON that can be read (" + failure.message() + " near byte " +
                     std::to_string(used) + ")."};
  }
  auto parsed = parser.release();
  if (may_overflow(text) && !is_finite(parsed)) {
    return error{errc::bad_request, "malformed_json", "The body has a number that is too large."};
  }
  return parsed;
}

std::string to_text(const value& v) {
  std::string out;
  write(out, v);
  return out;
}

error unreadable(std::vector<violation> why) {
  std::string detail = "A stored document cannot be read:";
  for (const auto& v : why) detail += " " + v.pointer + " " + v.message + ";";
  return {errc::internal, "unreadable_document", std::move(detail)};
}

}  // namespace oficio::json
