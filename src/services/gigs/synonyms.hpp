#pragma once

#include <string>
#include <vector>

namespace oficio::gigs {

// Words and phrases of the market that mean the same, in English, Spanish or both: a search for one
// finds the others. Accents, case, plurals and common endings need no entry.
const std::vector<std::vector<std::string>>& market_synonyms();

}  // namespace oficio::gigs
