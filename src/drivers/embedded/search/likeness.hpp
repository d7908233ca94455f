#pragma once

#include <cstdint>
#include <vector>

#include "drivers/embedded/search/matching.hpp"

namespace oficio::embedded {

// Keys, in the file, of the documents that are like the one in `row`, whose texts are given; the
// most similar first. Throws std::invalid_argument for fields that the schema does not have.
std::vector<std::int64_t> find_similar(const contents& all, const layout& fields,
                                       const search::likeness_query& q, std::uint32_t row,
                                       const boost::json::object& texts, tally& scratch);

}  // namespace oficio::embedded
