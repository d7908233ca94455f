#include "services/gateway/intake/scrubbing.hpp"

#include <algorithm>
#include <charconv>

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

// "user:password@host:port", of which the host and the port are kept.
bool read_authority(std::string_view text, address& to) {
  if (auto at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
  auto colon = text.rfind(':');
  bool has_port =
      colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos;
  auto host = text.substr(0, has_port ? colon : text.size());
  constexpr std::size_t longest = 253;
  bool fits = !host.empty() && host.size() <= longest && std::ranges::all_of(host, [](char c) {
    constexpr std::string_view others = ".-_[]:";
    return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
  });
  if (!fits) return false;
  to.domain = host;
  if (!has_port || colon + 1 == text.size()) return true;
  std::uint16_t port = 0;
  auto digits = text.substr(colon + 1);
  auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  to.port = port;
  return failure == std::errc{} && end == digits.data() + digits.size();
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

// Read by hand: our own pages name their routes ("/gigs/{id}"), which is no valid address.
std::optional<address> read_address(std::string_view url) {
  url = url.substr(0, std::min(url.find_first_of("?#"), url.size()));
  address out;
  for (std::string_view scheme : {"http", "https"}) {
    auto begin = std::string(scheme) + "://";
    if (url.starts_with(begin)) {
      out.scheme = scheme;
      url.remove_prefix(begin.size());
    }
  }
  if (out.scheme.empty()) return std::nullopt;
  auto slash = std::min(url.find('/'), url.size());
  if (!read_authority(url.substr(0, slash), out)) return std::nullopt;
  out.path = clipped(url.substr(slash), most_bytes / 2);
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
