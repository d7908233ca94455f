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

// The stems of a document's texts, {field: [texts]}, in order of their numbers. `stem` numbers a
// word of the text that it is told with; words without a number are passed over, as small words
// are.
using stem_numbers =
    std::function<std::optional<std::uint32_t>(const search::word& w, std::string_view text)>;
std::vector<weighed_stem> weigh(const layout& fields, const boost::json::object& texts,
                                const stem_numbers& stem);

}  // namespace oficio::embedded
