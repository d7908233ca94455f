#pragma once

#include <vector>

#include "drivers/embedded/search/filters.hpp"

namespace oficio::embedded {

// Counts the facets of a query, document by document.
class facet_counter {
 public:
  facet_counter(const columns& data, const layout& fields, const search::query& q,
                const filters& by);

  void count(std::size_t row, const filters::answer& passed);
  std::vector<search::facet> take() const;

 private:
  static constexpr std::size_t unfiltered = static_cast<std::size_t>(-1);
  struct one {
    const search::facet_request* asked;
    search::field_kind kind;
    std::size_t number;
    std::size_t filter;                 // the field's place among the filtered ones
    std::vector<std::int64_t> between;  // number: counts of its ranges
  };

  void count(one& f, std::size_t row);
  std::vector<search::bucket> keyword_buckets(const one& f) const;
  std::vector<search::bucket> number_buckets(const one& f) const;

  const columns& data_;
  std::vector<one> facets_;
  std::vector<char> wanted_;         // keyword fields
  std::vector<std::int64_t> terms_;  // counts by term, over all keyword facets
};

}  // namespace oficio::embedded
