#include "services/gigs/said.hpp"

#include <algorithm>
#include <string_view>

namespace oficio::gigs {
namespace {

// Is `pointer` the place `of`, or a place within it?
bool within(std::string_view pointer, std::string_view of) {
  return pointer.starts_with(of) && (pointer.size() == of.size() || pointer[of.size()] == '/');
}

}  // namespace

std::vector<violation> together(const std::vector<violation>& shape, std::vector<violation> rules) {
  constexpr std::size_t enough = 50;  // more help nobody
  // A name that cannot be read looks like the first of its kind.
  bool lists_are_read = std::ranges::none_of(
      shape, [](const violation& v) { return within(v.pointer, "/packages"); });
  auto out = shape;
  for (auto& v : rules) {
    bool unread = std::ranges::any_of(
        shape, [&](const violation& s) { return within(v.pointer, s.pointer); });
    if (v.code == "repeated" && !lists_are_read) unread = true;
    if (!unread && out.size() < enough) out.push_back(std::move(v));
  }
  return out;
}

}  // namespace oficio::gigs
