#include "drivers/elasticsearch/counting.hpp"

#include <algorithm>
#include <cmath>

#include "drivers/elasticsearch/clauses.hpp"
#include "drivers/elasticsearch/server.hpp"

namespace oficio::elasticsearch {

std::string key(char kind, std::size_t number) {
  return kind + std::to_string(number);
}

json::object filter_agg(json::object clause) {
  return {{"filter", std::move(clause)}};
}

void add_counts(const std::vector<std::string>& stems, json::object& aggs) {
  aggs["all"] = json::object{{"global", json::object{}}};
  for (std::size_t i = 0; i < stems.size(); ++i) {
    aggs[key('s', i)] = filter_agg(with_stem(stems[i], 1));
  }
}

void read_counts(const json::value& said, const std::vector<std::string>& stems, counted& into) {
  into.documents = integer_of(find(said, {"aggregations", "all", "doc_count"}));
  for (std::size_t i = 0; i < stems.size(); ++i) {
    into.stems[stems[i]] = integer_of(find(said, {"aggregations", key('s', i), "doc_count"}));
  }
}

double rarity(std::int64_t documents, std::int64_t with) {
  constexpr double step = 0.125;
  auto all = static_cast<double>(documents);
  auto some = std::min(static_cast<double>(with), all);
  auto value = std::log1p((all - some + 0.5) / (some + 0.5));
  return std::max(step, std::round(value / step) * step);
}

}  // namespace oficio::elasticsearch
