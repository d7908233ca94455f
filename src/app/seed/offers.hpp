#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "app/seed/people.hpp"

namespace oficio::sample {

// What can be bought of a gig: one to three packages, the smallest first.
struct terms {
  struct package {
    std::int64_t price = 0;  // minor units
    std::int64_t days = 0;
    std::int64_t revisions = 0;
  };
  const trade* work = nullptr;
  std::string locale;  // of the texts
  std::vector<package> packages;
};

// The same however often and in whatever order it is asked.
terms make_terms(const person& seller, std::uint64_t seed, std::size_t gig);

std::string_view tier_name(std::size_t package);  // "basic", "standard", "premium"

// Writes offers, and sees to it that no title is there twice as long as words do not run out. The
// same offers come out if they are asked for in the same order.
class offer_writer {
 public:
  // `texts` must outlive it. `currency` is ISO 4217.
  offer_writer(const library& texts, std::uint64_t seed, std::string currency)
      : texts_(texts), seed_(seed), currency_(std::move(currency)) {}

  // The body of a POST /gigs, without pictures.
  json::object write(const person& seller, std::size_t gig);

 private:
  const library& texts_;
  std::uint64_t seed_;
  std::string currency_;
  std::unordered_set<std::size_t> titles_;  // hashes
};

}  // namespace oficio::sample
