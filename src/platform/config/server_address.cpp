#include "platform/config/server_address.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "platform/config/settings.hpp"

namespace oficio::config {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    int high = hex_digit(text[i + 1]);
    int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

template <class Number>
std::optional<Number> as_number(std::string_view text) {
  Number value{};
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Cuts `text` at the first `mark`: what is before it, and what is behind.
std::pair<std::string_view, std::string_view> cut(std::string_view text, char mark) {
  auto at = text.find(mark);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

class reader {
 public:
  explicit reader(server_address& to) : to_(to) {}

  void read(std::string_view value) {
    auto start = value.find("://");
    if (start == std::string_view::npos || start == 0) to_.refuse("is no address like " + example_);
    to_.scheme = value.substr(0, start);
    value.remove_prefix(start + 3);
    auto [before_options, options] = cut(value, '?');
    auto slash = before_options.find('/');
    auto authority = before_options.substr(0, slash);
    if (slash != std::string_view::npos) to_.path = text(before_options.substr(slash + 1), "path");
    read_options(options);
    auto at = authority.rfind('@');
    if (at != std::string_view::npos) {
      read_user(authority.substr(0, at));
      authority.remove_prefix(at + 1);
    }
    read_hosts(authority);
    read_password_file();
  }

 private:
  std::string text(std::string_view raw, const std::string& what) {
    auto out = decoded(raw);
    if (!out) to_.refuse("has a % in its " + what + " that is no percent-encoding; write %25");
    return std::move(*out);
  }

  void read_user(std::string_view part) {
    auto [user, password] = cut(part, ':');
    to_.user = text(user, "user");
    to_.password = text(password, "password");
  }

  void read_hosts(std::string_view list) {
    while (true) {
      auto comma = list.find(',');
      read_host(list.substr(0, comma));
      if (comma == std::string_view::npos) return;
      list.remove_prefix(comma + 1);
    }
  }

  void read_host(std::string_view part) {
    server_address::endpoint e;
    std::string_view port;
    if (part.starts_with('[')) {
      auto end = part.find(']');
      if (end == std::string_view::npos) to_.refuse("has a host with [ but without ]");
      e.host = part.substr(1, end - 1);
      port = part.substr(end + 1);
    } else {
      auto colon = part.find(':');
      e.host = part.substr(0, colon);
      port = colon == std::string_view::npos ? std::string_view{} : part.substr(colon);
    }
    if (e.host.empty()) to_.refuse("names no host, as in " + example_);
    if (!port.empty()) {
      auto number = port.front() == ':' ? as_number<std::uint16_t>(port.substr(1)) : std::nullopt;
      if (!number || *number == 0) {
        to_.refuse("\"" + std::string(port) + "\" behind host " + e.host + " is no :PORT");
      }
      e.port = *number;
    }
    to_.hosts.push_back(std::move(e));
  }

  void read_options(std::string_view list) {
    while (!list.empty()) {
      auto [one, others] = cut(list, '&');
      auto [name, value] = cut(one, '=');
      if (name.empty()) to_.refuse("has an option without a name behind its ?");
      if (!to_.options.emplace(text(name, "options"), text(value, "options")).second) {
        to_.refuse("has the option \"" + std::string(name) + "\" twice");
      }
      list = others;
    }
  }

  void read_password_file() {
    auto file = to_.option("password_file");
    if (file.empty()) return;
    if (!to_.password.empty()) to_.refuse("has a password and a password_file; keep one");
    std::ifstream in(file, std::ios::binary);
    if (in) std::getline(in, to_.password);
    if (!in && to_.password.empty()) to_.refuse("password_file: " + file + " cannot be read");
    if (to_.password.ends_with('\r')) to_.password.pop_back();
  }

  const std::string example_ = "scheme://user:password@host:port/path";
  server_address& to_;
};

void must_be_readable(const server_address& address, const std::string& option) {
  auto file = address.option(option);
  if (file.empty()) return;
  std::ifstream in(file, std::ios::binary);
  if (!in || in.peek() == std::ifstream::traits_type::eof()) {
    address.refuse(option + ": " + file + " cannot be read");
  }
}

}  // namespace

std::string server_address::option(const std::string& name, const std::string& otherwise) const {
  auto at = options.find(name);
  return at == options.end() ? otherwise : at->second;
}

bool server_address::flag(const std::string& name, bool otherwise) const {
  auto value = option(name, otherwise ? "true" : "false");
  if (value == "true" || value == "1" || value == "yes") return true;
  if (value == "false" || value == "0" || value == "no") return false;
  refuse(name + " must be true or false, not \"" + value + "\"");
}

std::int64_t server_address::number(const std::string& name, std::int64_t otherwise,
                                    std::int64_t min, std::int64_t max) const {
  if (!options.contains(name)) return otherwise;
  auto value = as_number<std::int64_t>(option(name));
  if (!value || *value < min || *value > max) {
    refuse(name + " must be a number from " + std::to_string(min) + " to " + std::to_string(max) +
           ", not \"" + option(name) + "\"");
  }
  return *value;
}

void server_address::allow_options(std::initializer_list<std::string_view> known) const {
  for (const auto& [name, value] : options) {
    if (name == "password_file" || std::find(known.begin(), known.end(), name) != known.end()) {
      continue;
    }
    std::string list = "password_file";
    for (auto k : known) list += ", " + std::string(k);
    refuse("has no option \"" + name + "\"; there are: " + list);
  }
}

void server_address::refuse(const std::string& why) const {
  throw wrong_setting(setting + ": " + why);
}

std::string server_address::shown() const {
  std::string out = scheme + "://";
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    if (i > 0) out += ",";
    bool v6 = hosts[i].host.find(':') != std::string::npos;
    out += v6 ? "[" + hosts[i].host + "]" : hosts[i].host;
    if (hosts[i].port) out += ":" + std::to_string(hosts[i].port);
  }
  return path.empty() ? out : out + "/" + path;
}

server_tls read_server_tls(const server_address& address, bool always) {
  server_tls tls;
  tls.on = address.flag("tls", always);
  if (always && !tls.on) {
    address.refuse("tls=false makes no sense with " + address.scheme + "://");
  }
  tls.ca_file = address.option("ca");
  tls.certificate_file = address.option("certificate");
  tls.key_file = address.option("key");
  tls.verify = address.flag("verify", true);
  if (!tls.on) {
    for (const char* needs_tls : {"ca", "certificate", "key", "verify"}) {
      if (address.options.contains(needs_tls)) {
        address.refuse(std::string(needs_tls) + " makes no sense without tls=true");
      }
    }
  }
  if (tls.certificate_file.empty() != tls.key_file.empty()) {
    address.refuse("certificate and key must be set together");
  }
  for (const char* file : {"ca", "certificate", "key"}) must_be_readable(address, file);
  return tls;
}

server_address parse_server_address(std::string_view setting, std::string_view value) {
  server_address out;
  out.setting = setting;
  reader(out).read(value);
  return out;
}

}  // namespace oficio::config
