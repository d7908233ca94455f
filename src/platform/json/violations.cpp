#include "platform/json/violations.hpp"

#include <string>
#include <string_view>

namespace oficio::json {
namespace {

std::string text_in(const object& from, std::string_view name) {
  auto* found = from.if_contains(name);
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::string();
}

std::optional<std::int64_t> number_in(const object& from, std::string_view name) {
  auto* found = from.if_contains(name);
  auto* number = found ? found->if_int64() : nullptr;
  return number ? std::optional(*number) : std::nullopt;
}

bounds bounds_in(const object& one) {
  auto* found = one.if_contains("params");
  auto* params = found ? found->if_object() : nullptr;
  if (!params) return {};
  return {.min = number_in(*params, "min"), .max = number_in(*params, "max")};
}

}  // namespace

array write_violations(const std::vector<violation>& all) {
  array out;
  for (const auto& v : all) {
    object one{{"pointer", v.pointer}, {"code", v.code}, {"message", v.message}};
    object params;
    if (v.broken.min) params["min"] = *v.broken.min;
    if (v.broken.max) params["max"] = *v.broken.max;
    if (!params.empty()) one["params"] = std::move(params);
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<violation> read_violations(const value& told) {
  std::vector<violation> out;
  auto* items = told.if_array();
  if (!items) return out;
  for (const auto& item : *items) {
    if (auto* one = item.if_object()) {
      out.push_back({text_in(*one, "pointer"), text_in(*one, "code"), text_in(*one, "message"),
                     bounds_in(*one)});
    }
  }
  return out;
}

}  // namespace oficio::json
