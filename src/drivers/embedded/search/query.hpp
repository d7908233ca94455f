#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/embedded/search/columns.hpp"
#include "drivers/embedded/search/position.hpp"

namespace oficio::embedded {

// A document that the words of a query were found in.
struct word_hit {
  std::size_t row;
  double score;
};

// A page without its bodies.
struct outline {
  struct entry {
    std::size_t row;
    std::string position;
  };
  std::vector<entry> entries;
  std::int64_t total = 0;
  std::vector<search::facet> facets;
};

// One pass over the documents that the words were found in (none given: all documents): filters,
// counts and keeps the best. Throws std::invalid_argument for fields that the schema does not have.
// Errors: bad_request `bad_cursor`.
result<outline> evaluate(const columns& data, const layout& fields, const search::query& q,
                         const std::optional<std::vector<word_hit>>& found);

}  // namespace oficio::embedded
