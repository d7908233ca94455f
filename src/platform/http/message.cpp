#include "platform/http/message.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace oficio::http {
namespace {

constexpr std::array<std::pair<method, std::string_view>, 7> method_names{{
    {method::get, "GET"},
    {method::head, "HEAD"},
    {method::post, "POST"},
    {method::put, "PUT"},
    {method::patch, "PATCH"},
    {method::del, "DELETE"},
    {method::options, "OPTIONS"},
}};

// Header names are ASCII; the C library's tolower would ask the locale.
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view to_string(method m) {
  for (const auto& [value, name] : method_names) {
    if (value == m) return name;
  }
  throw std::logic_error("not a method");
}

std::optional<method> parse_method(std::string_view text) {
  for (const auto& [value, name] : method_names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

bool is_hop_by_hop(std::string_view name) {
  constexpr std::array<std::string_view, 8> names{
      "connection", "keep-alive", "proxy-connection",  "proxy-authenticate",
      "te",         "trailer",    "transfer-encoding", "upgrade"};
  return std::ranges::any_of(names, [&](auto n) { return equal_ignoring_case(n, name); });
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

void headers::set(std::string_view name, std::string value) {
  remove(name);
  add(std::string(name), std::move(value));
}

void headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const auto& field) { return equal_ignoring_case(field.first, name); });
}

std::string_view headers::get(std::string_view name) const {
  for (const auto& [n, value] : fields_) {
    if (equal_ignoring_case(n, name)) return value;
  }
  return {};
}

bool headers::has(std::string_view name) const {
  return std::ranges::any_of(
      fields_, [&](const auto& field) { return equal_ignoring_case(field.first, name); });
}

const std::string& request::param(std::string_view name) const {
  auto found = params.find(name);
  if (found == params.end()) {
    throw std::out_of_range("route " + route + " has no parameter " + std::string(name));
  }
  return found->second;
}

std::optional<std::string> request::query_param(std::string_view name) const {
  for (const auto& [n, value] : query) {
    if (n == name) return value;
  }
  return std::nullopt;
}

response json_response(int status, std::string body) {
  response r{.status = status, .headers = {}, .body = std::move(body), .failure = {}};
  r.headers.add("Content-Type", "application/json");
  return r;
}

response no_content() {
  return {.status = 204, .headers = {}, .body = {}, .failure = {}};
}

}  // namespace oficio::http
