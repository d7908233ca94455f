#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "app/seed/dice.hpp"
#include "app/seed/library.hpp"

namespace oficio::sample {

// Somebody of the sample market.
struct person {
  std::string username;
  std::string first;
  std::string last;
  std::string city;
  const region* from = nullptr;
  // Of a seller: what they do, the main trade first. Empty for buyers.
  std::vector<const trade*> trades;
  std::int64_t years = 0;  // of practice
  bool excellent = true;   // of a seller: what buyers will think

  const std::string& locale() const { return from->locale; }
  std::string email() const { return username + "@example.com"; }
};

// Everybody, by number. The first seller is bruno, the first buyer is ana.
struct cast {
  std::vector<person> sellers;
  std::vector<person> buyers;
  person operator_;  // olga
};

// `texts` must outlive it.
cast make_cast(const library& texts, std::uint64_t seed, std::size_t sellers, std::size_t buyers);

// The body of a POST /sellers. `year` is the present one.
json::value make_profile(const library& texts, const person& who, std::uint64_t seed,
                         std::size_t number, std::int64_t year);

}  // namespace oficio::sample
