#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "drivers/elasticsearch/server.hpp"
#include "platform/archive/archive.hpp"

namespace oficio::elasticsearch {

// The pieces of a question, as the search API writes them.
json::object within(archive::time_range when);
json::object term(std::string_view field, const std::string& value);
json::object terms(std::string_view field, const std::vector<std::string>& any_of);
json::object all_of(json::array filters);
json::object count_by(std::string_view field, std::size_t most, json::object within_each);
json::object only(json::object filter, json::object within_it);
json::object percentiles(std::string_view field, std::initializer_list<double> percents);

// How many there were ("done"), how many of them failed ("failed") and how long they took ("took"):
// of transactions or of spans.
json::object figures_of(const std::string& what);

// What came back. `in` is a bucket, or the object that holds the aggregations.
struct figures {
  std::int64_t done = 0;
  std::int64_t failed = 0;
  archive::latency latency;
};
figures read_figures(const json::value& in);
// Of one percentile, in the field's own unit.
std::optional<double> read_percentile(const json::value& in, std::string_view name,
                                      std::size_t number = 0);
const json::array& buckets(const json::value& in, std::string_view name);
time_point time_in(const json::value& in, std::string_view name);
// The documents that were found, each with its `_id` and `sort`.
const json::array& hits(const json::value& in);
json::object source_of(const json::value& hit);

}  // namespace oficio::elasticsearch
