#include "platform/http/query.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "platform/json/check.hpp"

namespace oficio::http {
namespace {

template <class T>
std::optional<T> parse_whole(std::string_view text) {
  T value{};
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string shown(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// Bounds are told as whole numbers; one that is none stands in the message alone.
std::optional<std::int64_t> whole(double number) {
  if (number != std::floor(number) || std::abs(number) > 1e15) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace

void query_reader::fail(std::string_view name, std::string code, std::string message,
                        bounds broken) {
  found_.add("?" + std::string(name), std::move(code), std::move(message), broken);
}

std::optional<std::string> query_reader::raw(std::string_view name) {
  bool first_time = std::ranges::find(asked_, name) == asked_.end();
  if (first_time) asked_.emplace_back(name);
  std::optional<std::string> value;
  bool repeated = false;
  for (const auto& [n, v] : request_.query) {
    if (n != name) continue;
    repeated = repeated || value.has_value();
    value = v;
  }
  if (repeated && first_time) fail(name, "repeated", "must be given once");
  if (repeated || (value && value->empty())) return std::nullopt;
  return value;
}

std::optional<std::string> query_reader::text(std::string_view name, std::size_t max_length) {
  auto value = raw(name);
  if (!value) return std::nullopt;
  json::violations wrong;
  json::check_text(wrong, "?" + std::string(name), *value, 0, max_length);
  if (wrong.empty()) return value;
  for (auto& one : wrong.take()) found_.add(std::move(one));
  return std::nullopt;
}

std::optional<std::int64_t> query_reader::number(std::string_view name, std::int64_t min,
                                                 std::int64_t max) {
  auto value = raw(name);
  if (!value) return std::nullopt;
  auto parsed = parse_whole<std::int64_t>(*value);
  if (!parsed) {
    fail(name, "type", "must be a whole number");
    return std::nullopt;
  }
  json::check_range(found_, "?" + std::string(name), *parsed, min, max);
  if (*parsed < min || *parsed > max) return std::nullopt;
  return parsed;
}

std::optional<double> query_reader::decimal(std::string_view name, double min, double max) {
  auto value = raw(name);
  if (!value) return std::nullopt;
  auto parsed = parse_whole<double>(*value);
  if (!parsed || !std::isfinite(*parsed)) {
    fail(name, "type", "must be a number");
    return std::nullopt;
  }
  if (*parsed < min || *parsed > max) {
    fail(name, "range", "must be from " + shown(min) + " to " + shown(max),
         {.min = whole(min), .max = whole(max)});
    return std::nullopt;
  }
  return parsed;
}

std::optional<bool> query_reader::flag(std::string_view name) {
  auto value = raw(name);
  if (!value) return std::nullopt;
  if (*value == "true") return true;
  if (*value == "false") return false;
  fail(name, "type", "must be true or false");
  return std::nullopt;
}

std::optional<std::string> query_reader::choice(std::string_view name,
                                                const std::vector<std::string>& allowed) {
  auto value = raw(name);
  if (!value) return std::nullopt;
  if (std::ranges::find(allowed, *value) != allowed.end()) return value;
  fail(name, "choice", "must be one of: " + joined(allowed));
  return std::nullopt;
}

std::vector<std::string> query_reader::list(std::string_view name, std::size_t max_items) {
  std::vector<std::string> items;
  auto value = raw(name);
  if (!value) return items;
  std::string_view rest = *value;
  while (!rest.empty()) {
    auto end = std::min(rest.find(','), rest.size());
    auto item = rest.substr(0, end);
    if (!item.empty()) items.emplace_back(item);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  for (const auto& item : items) json::check_text(found_, "?" + std::string(name), item, 1, 200);
  if (items.size() > max_items) {
    json::check_count(found_, "?" + std::string(name), items.size(), 0, max_items);
    items.resize(max_items);
  }
  return items;
}

std::size_t query_reader::limit(std::size_t otherwise) {
  auto value = number("limit", 1, 100);
  return value ? static_cast<std::size_t>(*value) : otherwise;
}

result<void> query_reader::done() {
  std::vector<std::string> told;
  for (const auto& [name, value] : request_.query) {
    bool known = std::ranges::find(asked_, name) != asked_.end();
    if (known || std::ranges::find(told, name) != told.end() || told.size() >= 20) continue;
    fail(name, "unknown", "is not a known parameter");
    told.push_back(name);
  }
  if (found_.empty()) return {};
  return invalid(found_.take());
}

}  // namespace oficio::http
