#include "drivers/embedded/search/postings.hpp"

#include <utility>

namespace oficio::embedded {

void postings::add(std::uint32_t stem, std::uint32_t row, std::uint8_t impact) {
  if (stem >= lists_.size()) lists_.resize(stem + 1);
  append(lists_[stem], row, impact);
}

void postings::renumber(std::span<const std::uint32_t> to) {
  for (std::uint32_t stem = 0; stem < lists_.size(); ++stem) {
    list kept;
    read(stem, [&](std::uint32_t row, std::uint8_t impact) {
      if (to[row] != gone) append(kept, to[row], impact);
    });
    kept.bytes.shrink_to_fit();
    lists_[stem] = std::move(kept);
  }
}

void postings::shrink() {
  for (auto& l : lists_) l.bytes.shrink_to_fit();
}

void postings::append(list& to, std::uint32_t row, std::uint8_t impact) {
  auto step = row - to.last;
  for (; step >= 0x80; step >>= 7) {
    to.bytes.push_back(static_cast<std::uint8_t>(step | 0x80));
  }
  to.bytes.push_back(static_cast<std::uint8_t>(step));
  to.bytes.push_back(impact);
  to.last = row;
  ++to.count;
}

}  // namespace oficio::embedded
