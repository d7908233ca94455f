#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "drivers/embedded/search/columns.hpp"

namespace oficio::embedded {

// A query's filters, ready to be asked for many documents. Valid while `data` does not change.
class filters {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  // Does a document pass? If filters on one field alone keep it out, which one: it still counts for
  // the facet of that field.
  enum class verdict { passes, fails_one_field, fails };
  struct answer {
    filters::verdict verdict = verdict::passes;
    std::size_t field = none;  // its place in names(), for fails_one_field
  };

  // `counted` are the fields whose facets are wanted: fails_one_field is told for these alone.
  filters(const columns& data, const layout& fields, const std::vector<search::term_filter>& terms,
          const std::vector<search::range_filter>& ranges = {},
          const std::vector<search::facet_request>& counted = {});

  answer ask(std::uint32_t row) const;
  bool pass(std::uint32_t row) const { return ask(row).verdict == verdict::passes; }
  // The fields that are filtered on.
  const std::vector<std::string>& names() const { return names_; }

 private:
  struct term_test {
    std::size_t field;  // place in names_
    std::span<const std::uint32_t> sets;
    std::vector<char> good;  // sets that hold one of the terms
  };
  struct range_test {
    std::size_t field;
    std::span<const std::int64_t> numbers;
    std::int64_t min = std::numeric_limits<std::int64_t>::min() + 1;  // below it: no value
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
  };

  std::size_t place_of(const std::string& name);

  std::vector<std::string> names_;
  std::vector<char> counted_;
  std::vector<term_test> terms_;
  std::vector<range_test> ranges_;
};

// For each set of a keyword field: does it hold one of these terms?
std::vector<char> sets_with(const columns& data, std::size_t keyword_field,
                            const std::vector<std::string>& terms);

}  // namespace oficio::embedded
