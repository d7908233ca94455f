#include "platform/documents/names.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace oficio::documents {
namespace {

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

void check_name(std::string_view name) {
  if (!is_name(name)) throw std::invalid_argument("not a name: " + std::string(name));
}

void check_path(std::string_view path) {
  for (std::string_view rest = path;;) {
    auto dot = rest.find('.');
    if (!is_name(rest.substr(0, dot))) {
      throw std::invalid_argument("not a path: " + std::string(path));
    }
    if (dot == std::string_view::npos) return;
    rest.remove_prefix(dot + 1);
  }
}

}  // namespace oficio::documents
