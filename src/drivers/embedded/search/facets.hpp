#pragma once

#include <span>
#include <vector>

#include "drivers/embedded/search/filters.hpp"

namespace oficio::embedded {

// Counts the facets of a query, document by document. Valid while `data` does not change.
class facet_counter {
 public:
  // Throws std::invalid_argument for fields that the schema does not have.
  facet_counter(const columns& data, const layout& fields,
                const std::vector<search::facet_request>& asked, const filters& by);

  void count(std::uint32_t row, const filters::answer& passed);
  std::vector<search::facet> take() const;

 private:
  struct keyword_facet {
    const search::facet_request* asked;
    std::size_t number;
    std::size_t filter;  // the field's place among the filtered ones, or filters::none
    std::span<const std::uint32_t> sets;
    std::vector<std::int64_t> of_set;
  };
  struct number_facet {
    const search::facet_request* asked;
    std::size_t filter;
    std::span<const std::int64_t> numbers;
    std::vector<std::int64_t> reached;  // how many are at or above each boundary
  };

  static void count(keyword_facet& f, std::uint32_t row) { ++f.of_set[f.sets[row]]; }
  static void count(number_facet& f, std::uint32_t row);
  std::vector<search::bucket> buckets(const keyword_facet& f) const;
  static std::vector<search::bucket> buckets(const number_facet& f);

  const columns& data_;
  std::vector<search::facet_request> asked_;
  std::vector<keyword_facet> keywords_;
  std::vector<number_facet> numbers_;
};

}  // namespace oficio::embedded
