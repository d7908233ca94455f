#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "platform/json/json.hpp"

namespace oficio::elasticsearch {

// How many documents there are, and have what.
struct counted {
  std::int64_t documents = 0;
  std::int64_t begun = 0;  // with a word that begins like the last one
  std::map<std::string, std::int64_t> stems;

  std::int64_t of(const std::string& stem) const {
    auto found = stems.find(stem);
    return found == stems.end() ? 0 : found->second;
  }
};

// The name of an aggregation: "s0".
std::string key(char kind, std::size_t number);
json::object filter_agg(json::object clause);

// Has the documents counted that have each of the stems, and all that there are.
void add_counts(const std::vector<std::string>& stems, json::object& aggs);
void read_counts(const json::value& said, const std::vector<std::string>& stems, counted& into);

// More, the fewer documents have it. In steps, so that scores, and with them the pages of a list,
// stay while documents come and go.
double rarity(std::int64_t documents, std::int64_t with);

}  // namespace oficio::elasticsearch
