#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "services/gigs/store.hpp"

namespace oficio::bench {

// Made-up gigs, the same for the same number: words by Zipf's law, the market's own among the
// frequent ones; places, sellers, prices and ratings as uneven as real ones.
class sample {
 public:
  sample();
  gigs::kept_gig gig(std::uint32_t number) const;
  // The words, the most frequent first.
  const std::vector<std::string>& words() const { return words_; }

 private:
  using dice = std::mt19937;
  const std::string& word(dice& chance) const;
  std::string text(dice& chance, std::size_t words) const;

  std::vector<std::string> words_;
  std::vector<double> reached_;  // by rank: the share of texts that words up to it make
};

}  // namespace oficio::bench
