#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "drivers/embedded/search/columns.hpp"

namespace oficio::embedded {

// A query's filters, ready to be asked for many documents.
class filters {
 public:
  // Does a document pass? If filters on one field alone keep it out, which one: it still counts for
  // the facet of that field.
  enum class verdict { passes, fails_one_field, fails };
  struct answer {
    filters::verdict verdict = verdict::passes;
    std::size_t field = 0;  // its place in names(), for fails_one_field
  };

  filters(const columns& data, const layout& fields, const search::query& q);

  answer ask(std::size_t row) const;
  // The fields that are filtered on.
  const std::vector<std::string>& names() const { return names_; }

 private:
  struct term_test {
    std::size_t field;                 // place in names_
    std::vector<std::uint32_t> terms;  // any of them
  };
  struct range_test {
    std::size_t field;
    std::size_t number;
    std::int64_t min = std::numeric_limits<std::int64_t>::min();
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
  };

  std::size_t place_of(const std::string& name);
  bool holds(const term_test& t, std::size_t row) const;
  bool holds(const range_test& t, std::size_t row) const;

  const columns& data_;
  std::vector<std::string> names_;
  std::vector<term_test> terms_;
  std::vector<range_test> ranges_;
};

}  // namespace oficio::embedded
