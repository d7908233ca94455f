#include "platform/json/json.hpp"

#include <algorithm>
#include <cmath>

#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>

namespace oficio::json {
namespace {

// Boost reads a number beyond a double's range as infinity, which no JSON text can say again.
bool is_finite(const value& v) {
  if (auto* number = v.if_double()) return std::isfinite(*number);
  if (auto* list = v.if_array()) return std::ranges::all_of(*list, is_finite);
  if (auto* members = v.if_object()) {
    return std::ranges::all_of(*members, [](const auto& m) { return is_finite(m.value()); });
  }
  return true;
}

error malformed(const std::string& why) {
  return {errc::bad_request, "malformed_json",
          "The body is not JSON that can be read (" + why + ")."};
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
  if (failure) return malformed(failure.message() + " near byte " + std::to_string(used));
  value read = parser.release();
  if (!is_finite(read)) return malformed("a number in it is too large");
  return read;
}

std::string to_text(const value& v) {
  return boost::json::serialize(v);
}

error unreadable(std::vector<violation> why) {
  std::string detail = "A stored document cannot be read:";
  for (const auto& v : why) detail += " " + v.pointer + " " + v.message + ";";
  return {errc::internal, "unreadable_document", std::move(detail)};
}

}  // namespace oficio::json
