#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "platform/search/index.hpp"

namespace oficio::quality {

// The gigs of the sample market, as the index takes them, none of them sold or rated yet.
std::vector<search::versioned> sample_gigs(std::size_t count);

// A query and what people hope for.
struct wish {
  std::string text;
  std::vector<std::string> subcategories;
  std::vector<std::string> words;  // folded; one of them begins a word of title or tags
};

// Throws std::runtime_error if it cannot be read.
std::vector<wish> read_wishes(const std::string& path);

// Is a gig, as JSON text, what was hoped for?
bool fits(const wish& w, const std::string& gig);

}  // namespace oficio::quality
