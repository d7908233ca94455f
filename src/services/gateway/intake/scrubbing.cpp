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

constexpr std::string_view hidden = "\xE2\x80\xA6";  // an ellipsis

// A part of a name before "@".
bool is_of_mailbox(char c) {
  constexpr std::string_view others = "._%+-!$*'~";
  return is_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80 ||
         others.find(c) != std::string_view::npos;
}

// How many characters at `at` are "@" and a domain; 0: none are.
std::size_t domain_at(std::string_view text, std::size_t at) {
  std::size_t sign = text[at] == '@' ? 1 : text.substr(at, 3) == "%40" ? 3 : 0;
  if (sign == 0) return 0;
  auto begin = at + sign;
  auto end = begin;
  while (end < text.size() &&
         (is_alphanumeric(text[end]) || text[end] == '.' || text[end] == '-')) {
    ++end;
  }
  auto name = text.substr(begin, end - begin);
  while (name.ends_with('.') || name.ends_with('-')) name.remove_suffix(1);
  auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name.size() - dot < 3) return 0;
  bool is_top = std::ranges::all_of(
      name.substr(dot + 1), [](char c) { return is_alphanumeric(c) && (c < '0' || c > '9'); });
  return is_top ? sign + name.size() : 0;
}

bool is_of_token(char c) {
  return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
}

// How many characters at `at` are a token as JOSE writes it (a JWT); 0: none are. No token begins
// before `barren`, which moves on past what was looked at in vain: a text is walked through once.
std::size_t token_at(std::string_view text, std::size_t at, std::size_t& barren) {
  constexpr std::size_t shortest = 20;
  bool begins = at >= barren && text.substr(at).starts_with("eyJ") &&
                (at == 0 || !is_alphanumeric(text[at - 1]));
  if (!begins) return 0;
  auto end = at;
  while (end < text.size() && is_of_token(text[end])) ++end;
  if (text.substr(at, end - at).find('.') == std::string_view::npos) {
    barren = end;
    return 0;
  }
  return end - at >= shortest ? end - at : 0;
}

// Text without e-mail addresses and tokens: other people's agents send whatever a message has.
std::string without_secrets(std::string_view text) {
  std::string out;
  std::size_t safe = 0;  // what is hidden already is no part of a mailbox
  std::size_t barren = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (auto size = token_at(text, i, barren); size > 0) {
      out += hidden;
      safe = out.size();
      i += size;
    } else if (size = domain_at(text, i);
               size > 0 && out.size() > safe && is_of_mailbox(out.back())) {
      while (out.size() > safe && is_of_mailbox(out.back())) out.pop_back();
      out.append(hidden).append("@").append(hidden);
      safe = out.size();
      i += size;
    } else {
      out += text[i++];
    }
  }
  return out;
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
  auto told = without_secrets(text.substr(0, std::max<std::size_t>(most * 4, 1)));
  text = told;
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
  out.path = clipped(without_secrets(url.substr(slash).substr(0, most_bytes)), most_bytes / 2);
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
