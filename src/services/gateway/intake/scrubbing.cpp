#include "services/gateway/intake/scrubbing.hpp"

#include <algorithm>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "platform/base/unicode.hpp"

namespace oficio::gateway::intake {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool ends_address(char c) {
  constexpr std::string_view ends = " \t\r\n\"'`<>(){}[]|\\^,;";
  return ends.find(c) != std::string_view::npos;
}

// A query, and no question: something stands right before the mark, and "name=" or an opaque word
// behind it up to where an address ends.
bool begins_query(std::string_view text, std::size_t at) {
  if (text[at] != '?' && text[at] != '#') return false;
  bool stands_behind = at > 0 && !ends_address(text[at - 1]);
  return stands_behind && at + 1 < text.size() && !ends_address(text[at + 1]);
}

// A character that is cut in the middle is no character any more, and goes.
std::string clipped(std::string_view text, std::size_t most) {
  return tidy_text(text.substr(0, most), most);
}

std::string_view view(boost::urls::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

std::string scrubbed(std::string_view text, std::size_t most) {
  // What is cut away can only shorten it: no need to look at more than could be kept twice.
  text = text.substr(0, std::max<std::size_t>(most * 4, 1));
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() <= most; ++i) {
    if (!begins_query(text, i)) {
      out += text[i];
      continue;
    }
    while (i + 1 < text.size() && !ends_address(text[i + 1])) ++i;
  }
  return clipped(out, most);
}

std::optional<address> read_address(std::string_view url) {
  if (url.size() > 8 * most_bytes) return std::nullopt;
  auto end = std::min(url.find_first_of("?#"), url.size());
  auto parsed = boost::urls::parse_uri({url.data(), end});
  if (!parsed || !parsed->has_authority() || parsed->host().empty()) return std::nullopt;
  address out;
  out.scheme = std::string(view(parsed->scheme()));
  if (out.scheme != "http" && out.scheme != "https") return std::nullopt;
  out.domain = clipped(view(parsed->encoded_host()), 253);
  out.port = parsed->port_number();
  out.path = clipped(view(parsed->encoded_path()), most_bytes / 2);
  if (out.path.empty()) out.path = "/";
  out.full = out.scheme + "://" + out.domain +
             (out.port > 0 ? ":" + std::to_string(out.port) : std::string()) + out.path;
  return out;
}

std::string without_build_hash(std::string_view file_name) {
  constexpr std::size_t hash = 8;
  auto dot = file_name.rfind('.');
  if (dot == std::string_view::npos || dot < hash + 2) return std::string(file_name);
  auto dash = dot - hash - 1;
  bool hashed =
      file_name[dash] == '-' && std::ranges::all_of(file_name.substr(dash + 1, hash), [](char c) {
        return is_alphanumeric(c) || c == '_' || c == '-';
      });
  if (!hashed) return std::string(file_name);
  return std::string(file_name.substr(0, dash)) + std::string(file_name.substr(dot));
}

std::string without_numbers(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool digit = c >= '0' && c <= '9';
    if (digit && out.ends_with('0')) continue;
    out += digit ? '0' : c;
  }
  return out;
}

}  // namespace oficio::gateway::intake
