#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/embedded/search/mirror.hpp"
#include "platform/search/synonyms.hpp"

namespace oficio::embedded {

// One way in which a document may have what is meant: all of these stems.
struct alternative {
  std::vector<std::uint32_t> stems;
  float quality = 1;  // of a match
};

// What a word, or a phrase that has synonyms, may be in a document. None at all: in no document.
struct meaning {
  std::vector<alternative> alternatives;
};

// What people typed, understood.
struct reading {
  std::vector<meaning> meanings;
  std::optional<std::string> correction;  // the text, when words of it were taken for misspelt
};

// At most 32 words of the text count. No meaning at all: there is no word in it.
reading read_text(std::string_view typed, const contents& all, const search::synonyms& same);

}  // namespace oficio::embedded
