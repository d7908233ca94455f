#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace oficio::embedded {

// For each stem the rows of the documents that have it, and how much it tells of each (1 to 255):
// two to three bytes for a word in a document. Rows only grow; a document whose words change gets a
// new row.
class postings {
 public:
  // `row` is above all rows that the stem has.
  void add(std::uint32_t stem, std::uint32_t row, std::uint8_t impact);

  // Rows ever added, those of documents that went included until they are dropped.
  std::uint32_t count(std::uint32_t stem) const {
    return stem < lists_.size() ? lists_[stem].count : 0;
  }

  // `each(row, impact)`, rows ascending.
  template <class Each>
  void read(std::uint32_t stem, Each each) const {
    if (stem >= lists_.size()) return;
    const auto& list = lists_[stem].bytes;
    std::uint32_t row = 0;
    for (std::size_t at = 0; at < list.size();) {
      std::uint32_t step = list[at] & 0x7F;
      for (int shift = 7; (list[at++] & 0x80) != 0; shift += 7) {
        step |= static_cast<std::uint32_t>(list[at] & 0x7F) << shift;
      }
      row += step;
      each(row, list[at++]);
    }
  }

  // Numbers all rows anew; those whose new number is `gone` are dropped. Keeps their order.
  static constexpr std::uint32_t gone = static_cast<std::uint32_t>(-1);
  void renumber(std::span<const std::uint32_t> to);
  void shrink();  // gives back what is kept for growth

 private:
  struct list {
    std::vector<std::uint8_t> bytes;
    std::uint32_t last = 0;
    std::uint32_t count = 0;
  };
  static void append(list& to, std::uint32_t row, std::uint8_t impact);

  std::vector<list> lists_;
};

}  // namespace oficio::embedded
