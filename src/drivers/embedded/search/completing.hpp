#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/embedded/search/mirror.hpp"

namespace oficio::embedded {

// Values of a keyword field that complete what was typed, those of most documents first; at most
// `limit`. Only documents that pass the query's filters count. Throws std::invalid_argument if it
// is no keyword field.
std::vector<std::string> complete_keyword(const contents& all, const layout& fields,
                                          const search::completion_query& q,
                                          const std::string& field, std::string_view typed);

}  // namespace oficio::embedded
