#include "services/gateway/intake/picking.hpp"

#include <algorithm>
#include <cmath>

namespace oficio::gateway::intake {
namespace {

bool is_word_letter(char c) {
  constexpr std::string_view others = "-_./ ";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

std::string_view view(const json::value& v) {
  auto* text = v.if_string();
  return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

}  // namespace

const json::value* picker::at(std::string_view path) const {
  const json::object* in = from_;
  while (in) {
    auto dot = std::min(path.find('.'), path.size());
    auto* found = in->if_contains(path.substr(0, dot));
    if (!found || dot == path.size()) return found;
    path.remove_prefix(dot + 1);
    in = found->if_object();
  }
  return nullptr;
}

picker picker::in(std::string_view path) const {
  auto* found = at(path);
  return picker(found ? found->if_object() : nullptr);
}

std::optional<std::string> picker::text(std::string_view path, std::size_t most) const {
  auto* found = at(path);
  if (!found || !found->is_string()) return std::nullopt;
  auto out = scrubbed(view(*found), most);
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<intake::address> picker::address(std::string_view path) const {
  auto* found = at(path);
  return found ? read_address(view(*found)) : std::nullopt;
}

std::optional<std::string> picker::word(std::string_view path, std::size_t most) const {
  auto* found = at(path);
  auto text = found ? view(*found) : std::string_view();
  if (text.empty() || text.size() > most || !std::ranges::all_of(text, is_word_letter)) {
    return std::nullopt;
  }
  return std::string(text);
}

std::optional<std::string> picker::hex(std::string_view path, std::size_t digits) const {
  auto* found = at(path);
  auto text = found ? view(*found) : std::string_view();
  bool fits = text.size() == digits && std::ranges::all_of(text, is_hex_digit);
  // All zeros name nothing (W3C Trace Context).
  if (!fits || text.find_first_not_of('0') == std::string_view::npos) return std::nullopt;
  return std::string(text);
}

std::optional<double> picker::number(std::string_view path, double least, double most) const {
  auto* found = at(path);
  if (!found || !found->is_number()) return std::nullopt;
  auto out = found->to_number<double>();
  if (!std::isfinite(out) || out < least || out > most) return std::nullopt;
  return out;
}

std::optional<std::int64_t> picker::whole(std::string_view path, std::int64_t least,
                                          std::int64_t most) const {
  auto out = number(path, static_cast<double>(least), static_cast<double>(most));
  if (!out) return std::nullopt;
  return std::llround(*out);
}

std::optional<bool> picker::flag(std::string_view path) const {
  auto* found = at(path);
  auto* out = found ? found->if_bool() : nullptr;
  if (!out) return std::nullopt;
  return *out;
}

const json::array* picker::list(std::string_view path) const {
  auto* found = at(path);
  return found ? found->if_array() : nullptr;
}

void put(json::object& to, std::string_view path, json::value v) {
  json::object* in = &to;
  for (;;) {
    auto dot = path.find('.');
    if (dot == std::string_view::npos) break;
    auto& next = (*in)[path.substr(0, dot)];
    if (!next.is_object()) next.emplace_object();
    in = &next.get_object();
    path.remove_prefix(dot + 1);
  }
  (*in)[path] = std::move(v);
}

}  // namespace oficio::gateway::intake
