#include "platform/config/settings.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>

namespace oficio::config {
namespace {

constexpr std::string_view prefix = "OFICIO_";
constexpr std::string_view mask = "•••";
constexpr std::size_t max_file = 1024 * 1024;

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string environment_name(std::string_view name) {
  std::string out(prefix);
  for (char c : name) {
    if (c >= 'a' && c <= 'z') {
      out += static_cast<char>(c - 'a' + 'A');
    } else {
      out += c == '.' || c == '-' ? '_' : c;
    }
  }
  return out;
}

std::string read_whole(const std::string& path, std::string_view who) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw wrong_setting(std::string(who) + ": the file " + path + " cannot be read");
  std::string text;
  text.resize(max_file + 1);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  // Reading a folder, for one, opens well and fails only here.
  if (in.bad() || (in.fail() && !in.eof())) {
    throw wrong_setting(std::string(who) + ": the file " + path + " cannot be read");
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > max_file) {
    throw wrong_setting(std::string(who) + ": the file " + path + " is too large");
  }
  return text;
}

// The key of "http://host?api_key=key".
std::string hide_key(std::string value) {
  constexpr std::string_view name = "api_key=";
  auto options = value.find('?');
  auto start = options == std::string::npos ? options : value.find(name, options);
  if (start == std::string::npos) return value;
  start += name.size();
  return value.replace(start, std::min(value.find('&', start), value.size()) - start, mask);
}

// The password of "scheme://user:password@host", which an address that is no secret may hold.
std::string hide_password(std::string value) {
  auto start = value.find("://");
  if (start == std::string::npos) return hide_key(std::move(value));
  start += 3;
  auto end = value.find_first_of("/?#", start);
  auto at = value.rfind('@', end == std::string::npos ? end : end - 1);
  auto colon = value.find(':', start);
  if (at == std::string::npos || at < start || colon == std::string::npos || colon > at) {
    return hide_key(std::move(value));
  }
  return hide_key(value.replace(colon + 1, at - colon - 1, mask));
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::chrono::milliseconds> read_duration(std::string_view text) {
  auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  auto count = whole_number(text.substr(0, digits));
  std::string_view unit = text.substr(digits);
  std::int64_t scale = unit == "ms"  ? 1
                       : unit == "s" ? 1'000
                       : unit == "m" ? 60'000
                       : unit == "h" ? 3'600'000
                       : unit == "d" ? 86'400'000
                                     : 0;
  if (!count || scale == 0) return std::nullopt;
  // A hundred years, so that adding it to a time cannot overflow.
  if (*count > std::int64_t{36'525} * 86'400'000 / scale) return std::nullopt;
  return std::chrono::milliseconds(*count * scale);
}

}  // namespace

settings::settings(std::vector<declaration> declared) {
  std::set<std::string, std::less<>> known;
  for (const auto& d : declared) known.insert(environment_name(d.name));
  if (known.size() != declared.size()) {
    throw std::logic_error("two settings have the same name in the environment");
  }
  for (auto& d : declared) {
    bool with_file = d.secret && !known.contains(environment_name(d.name + "_file"));
    declaration file{d.name + "_file", "", "The file that holds " + d.name, false};
    std::string value = d.default_value;
    entries_.push_back({std::move(d), std::move(value)});
    if (with_file) entries_.push_back({std::move(file), ""});
  }
}

const settings::entry& settings::find(std::string_view name) const {
  auto found = std::ranges::find(
      entries_, name, [](const entry& e) -> std::string_view { return e.declared.name; });
  if (found == entries_.end()) {
    throw wrong_setting(std::string(name) + ": there is no such setting");
  }
  return *found;
}

void settings::put(std::string_view name, std::string value, std::string origin, source from) {
  auto& entry = const_cast<settings::entry&>(find(name));
  if (from < entry.from) return;
  entry.value = std::move(value);
  entry.origin = std::move(origin);
  entry.from = from;
}

void settings::set(std::string_view name, std::string value, std::string origin) {
  put(name, std::move(value), std::move(origin), source::given);
}

void settings::read_file(const std::string& path, bool must_exist) {
  if (!must_exist && !std::ifstream(path)) return;
  std::string text = read_whole(path, "settings");
  std::set<std::string, std::less<>> seen;
  std::string_view rest = text;
  for (int number = 1; !rest.empty(); ++number) {
    auto end = std::min(rest.find('\n'), rest.size() - 1);
    std::string_view line = trim(rest.substr(0, end + 1));
    rest.remove_prefix(end + 1);
    if (line.empty() || line.front() == '#') continue;
    std::string where = path + ":" + std::to_string(number);
    auto equals = line.find('=');
    if (equals == std::string_view::npos) {
      throw wrong_setting(where + ": a line must be `name = value` or a # comment");
    }
    std::string name(trim(line.substr(0, equals)));
    if (!seen.insert(name).second) throw wrong_setting(where + ": " + name + " is set twice");
    try {
      put(name, std::string(trim(line.substr(equals + 1))), where, source::file);
    } catch (const wrong_setting& e) {
      throw wrong_setting(where + ": " + e.what());
    }
  }
}

void settings::read_environment(char** environment) {
  for (; environment && *environment; ++environment) {
    std::string_view line(*environment);
    auto equals = line.find('=');
    if (!line.starts_with(prefix) || equals == std::string_view::npos) continue;
    std::string_view name = line.substr(0, equals);
    auto found = std::ranges::find_if(
        entries_, [&](const entry& e) { return environment_name(e.declared.name) == name; });
    if (found == entries_.end()) {
      throw wrong_setting(std::string(name) + ": there is no such setting (environment)");
    }
    put(found->declared.name, std::string(line.substr(equals + 1)), "environment",
        source::environment);
  }
}

void settings::refuse(const entry& e, std::string_view why) {
  std::string shown = e.declared.secret ? std::string(mask) : hide_password(e.value);
  throw wrong_setting(e.declared.name + ": \"" + shown + "\" " + std::string(why) +
                      " (from: " + e.origin + ")");
}

std::string settings::text(std::string_view name) const {
  return find(name).value;
}

std::int64_t settings::number(std::string_view name, std::int64_t min, std::int64_t max) const {
  const entry& e = find(name);
  auto number = whole_number(e.value);
  if (!number) refuse(e, "is not a whole number");
  if (*number < min || *number > max) {
    refuse(e, "must be from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return *number;
}

bool settings::flag(std::string_view name) const {
  const entry& e = find(name);
  for (std::string_view yes : {"true", "yes", "on", "1"}) {
    if (e.value == yes) return true;
  }
  for (std::string_view no : {"false", "no", "off", "0"}) {
    if (e.value == no) return false;
  }
  refuse(e, "must be true or false");
}

std::chrono::milliseconds settings::duration(std::string_view name) const {
  const entry& e = find(name);
  auto duration = read_duration(e.value);
  if (!duration) refuse(e, "is no duration such as 500ms, 30s, 5m, 73h or 14d");
  return *duration;
}

std::string settings::secret(std::string_view name) const {
  const entry& e = find(name);
  const entry& file = find(e.declared.name + "_file");
  bool by_file = !file.value.empty() && file.from >= e.from;
  if (by_file && file.from == e.from && !e.value.empty() && e.from != source::built_in) {
    throw wrong_setting(e.declared.name + ": is set together with " + file.declared.name +
                        "; only one of them can hold");
  }
  if (!by_file) return e.value;
  std::string content(trim(read_whole(file.value, file.declared.name)));
  if (content.empty()) throw wrong_setting(file.declared.name + ": the file is empty");
  return content;
}

std::vector<settings::shown> settings::show() const {
  std::vector<shown> all;
  for (const auto& e : entries_) {
    std::string value =
        e.declared.secret ? std::string(e.value.empty() ? "" : mask) : hide_password(e.value);
    all.push_back({e.declared.name, std::move(value), e.origin, e.declared.help});
  }
  return all;
}

address parse_address(std::string_view setting, std::string_view value) {
  auto colon = value.find(':');
  std::string_view scheme = value.substr(0, std::min(colon, value.size()));
  bool good =
      colon != std::string_view::npos && !scheme.empty() && scheme.front() >= 'a' &&
      scheme.front() <= 'z' &&
      scheme.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") == std::string_view::npos;
  if (!good) {
    // No more of it: where a password is in what is no address, nobody can say.
    auto begin = std::string(value.substr(0, value.find_first_of(":@?")));
    throw wrong_setting(std::string(setting) + ": \"" + begin + (begin == value ? "" : "…") +
                        "\" is no address such as sqlite:var/data.db");
  }
  return {std::string(scheme), std::string(value.substr(colon + 1))};
}

}  // namespace oficio::config
