#include "app/seed/wording.hpp"

#include <algorithm>
#include <stdexcept>

namespace oficio::sample {

wording& wording::set(std::string name, std::string meaning) {
  meanings_.insert_or_assign(std::move(name), std::move(meaning));
  return *this;
}

std::string wording::operator()(std::string_view pattern) {
  std::string out;
  while (!pattern.empty()) {
    auto open = pattern.find('{');
    out += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    auto close = pattern.find('}', open);
    if (close == std::string_view::npos) {
      throw std::logic_error("a brace is not closed in: " + std::string(pattern));
    }
    out += filled(pattern.substr(open + 1, close - open - 1));
    pattern.remove_prefix(close + 1);
  }
  return out;
}

std::string wording::filled(std::string_view slot) {
  if (auto known = meanings_.find(slot); known != meanings_.end()) return known->second;
  auto chosen = choose(slot);
  set(std::string(slot), chosen);
  return chosen;
}

std::string wording::choose(std::string_view slot) {
  auto bars = static_cast<std::size_t>(std::ranges::count(slot, '|'));
  if (bars == 0) return chance_.pick(language_.of(std::string(slot)));
  for (auto choice = chance_.below(bars + 1); choice > 0; --choice) {
    slot.remove_prefix(slot.find('|') + 1);
  }
  return std::string(slot.substr(0, slot.find('|')));
}

// Names and texts of ours begin with a letter of ASCII, or one that needs no capital.
std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 0x20);
  return text;
}

std::size_t length_of(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace oficio::sample
