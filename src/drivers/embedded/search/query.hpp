#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/embedded/search/matching.hpp"
#include "drivers/embedded/search/position.hpp"

namespace oficio::embedded {

// A page without its bodies.
struct outline {
  struct entry {
    std::int64_t document;  // its key in the file
    std::string position;
  };
  std::vector<entry> entries;
  std::int64_t total = 0;
  std::vector<search::facet> facets;
};

// The documents that words were found in.
struct matches {
  const tally& from;
  std::size_t least;  // meanings
};

// One pass over the documents that the words were found in (none given: all documents): filters,
// counts and keeps the best. Throws std::invalid_argument for fields that the schema does not have.
// Errors: bad_request `bad_cursor`.
result<outline> evaluate(const contents& all, const layout& fields, const search::query& q,
                         const std::optional<matches>& found);

}  // namespace oficio::embedded
