#pragma once

#include <cstdint>
#include <vector>

#include "drivers/embedded/search/reading.hpp"

namespace oficio::embedded {

// Documents that words were found in; `scores[i]` belongs to `rows[i]`.
struct matches {
  std::vector<std::uint32_t> rows;
  std::vector<float> scores;
};

// The documents that have everything that is meant; when there are none and three or more things
// are, those that have most of it.
matches match_all(const contents& all, const std::vector<meaning>& meanings);

// The documents that have any of it: the more, and the rarer, the better.
matches match_any(const contents& all, const std::vector<meaning>& meanings);

// What a stem is worth: more, the fewer documents have it. In steps, so that scores, and with them
// the pages of a list, stay while documents come and go.
float rarity(const contents& all, std::uint32_t documents_with_it);

}  // namespace oficio::embedded
