#include "drivers/embedded/search/string_table.hpp"

#include <functional>
#include <limits>
#include <stdexcept>
#include <utility>

namespace oficio::embedded {
namespace {

std::uint32_t hash_of(std::string_view text) {
  auto wide = std::hash<std::string_view>{}(text);
  return static_cast<std::uint32_t>(wide ^ wide >> 32);
}

}  // namespace

std::uint32_t string_table::learn(std::string_view text) {
  auto hash = hash_of(text);
  auto at = slot_of(text, hash);
  if (slots_[at].number != nothing) return slots_[at].number;
  if (bytes_.size() + text.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw std::length_error("a search index has more than 4 GiB of distinct values");
  }
  auto number = size();
  bytes_.insert(bytes_.end(), text.begin(), text.end());
  begins_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  slots_[at] = {number, hash};
  if (std::size_t{size()} * 3 > slots_.size() * 2) grow();
  return number;
}

std::optional<std::uint32_t> string_table::find(std::string_view text) const {
  auto at = slot_of(text, hash_of(text));
  if (slots_[at].number == nothing) return std::nullopt;
  return slots_[at].number;
}

void string_table::shrink() {
  bytes_.shrink_to_fit();
  begins_.shrink_to_fit();
}

// Where the text is, or would be; there is always a free slot.
std::size_t string_table::slot_of(std::string_view wanted, std::uint32_t hash) const {
  auto mask = slots_.size() - 1;
  auto at = hash & mask;
  while (slots_[at].number != nothing &&
         (slots_[at].hash != hash || text(slots_[at].number) != wanted)) {
    at = (at + 1) & mask;
  }
  return at;
}

void string_table::grow() {
  std::vector<slot> larger(slots_.size() * 2);
  auto mask = larger.size() - 1;
  for (const auto& s : slots_) {
    if (s.number == nothing) continue;
    auto at = s.hash & mask;
    while (larger[at].number != nothing) at = (at + 1) & mask;
    larger[at] = s;
  }
  slots_ = std::move(larger);
}

}  // namespace oficio::embedded
