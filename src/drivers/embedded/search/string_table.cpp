#include "drivers/embedded/search/string_table.hpp"

#include <functional>
#include <limits>
#include <stdexcept>

namespace oficio::embedded {

std::uint32_t string_table::learn(std::string_view text) {
  auto slot = slot_of(text);
  if (slots_[slot] != nothing) return slots_[slot];
  if (bytes_.size() + text.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw std::length_error("a search index has more than 4 GiB of distinct values");
  }
  auto number = size();
  bytes_.insert(bytes_.end(), text.begin(), text.end());
  begins_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  slots_[slot] = number;
  if (std::size_t{size()} * 3 > slots_.size() * 2) grow();
  return number;
}

std::optional<std::uint32_t> string_table::find(std::string_view text) const {
  auto slot = slot_of(text);
  if (slots_[slot] == nothing) return std::nullopt;
  return slots_[slot];
}

void string_table::shrink() {
  bytes_.shrink_to_fit();
  begins_.shrink_to_fit();
}

// Where the text is, or would be; there is always a free slot.
std::size_t string_table::slot_of(std::string_view wanted) const {
  auto mask = slots_.size() - 1;
  auto slot = std::hash<std::string_view>{}(wanted)&mask;
  while (slots_[slot] != nothing && text(slots_[slot]) != wanted) slot = (slot + 1) & mask;
  return slot;
}

void string_table::grow() {
  slots_.assign(slots_.size() * 2, nothing);
  for (std::uint32_t number = 0; number < size(); ++number) slots_[slot_of(text(number))] = number;
}

}  // namespace oficio::embedded
