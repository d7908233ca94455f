#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "drivers/embedded/search/layout.hpp"
#include "platform/search/words.hpp"

namespace oficio::embedded {

// How much a stem tells of a document, 1 to 255: more in fields of a higher boost, in shorter
// fields, and the more often it is there, each time less.
struct weighed_stem {
  std::uint32_t stem;
  std::uint8_t impact;
};

// Weighs documents one after another.
class scales {
 public:
  explicit scales(const layout& fields) : fields_(fields) {}

  // The number of the stem of a word that stands in `text`; nothing for words that do not count.
  using stem_numbers =
      std::function<std::optional<std::uint32_t>(const search::word& w, std::string_view text)>;

  // The stems of a document's texts, {field: [texts]}, each once, in the order of the texts.
  const std::vector<weighed_stem>& weigh(const boost::json::object& texts,
                                         const stem_numbers& stem);

 private:
  void add_field(std::size_t field, const boost::json::array& texts, const stem_numbers& stem);

  const layout& fields_;
  std::vector<float> sums_;  // by stem; zero between documents
  std::vector<std::uint32_t> stems_of_field_;
  std::vector<weighed_stem> out_;
};

}  // namespace oficio::embedded
