#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "drivers/embedded/search/layout.hpp"
#include "drivers/embedded/search/string_table.hpp"

namespace oficio::embedded {

// The keyword and number values of all documents, a column a field: filters, facets and sorts over
// 100,000 documents are one pass of a millisecond or two. Rows are numbers of documents, given by
// the mirror that holds this.
//
// What a document has in a keyword field is a set of terms. Equal sets are one, so that a document
// has one number a field, and whatever is asked of values is asked once a set.
class columns {
 public:
  static constexpr std::int64_t absent = std::numeric_limits<std::int64_t>::min();

  explicit columns(const layout& fields);

  std::uint32_t size() const { return static_cast<std::uint32_t>(visible_.size()); }
  // A new row without values, not to be found yet.
  std::uint32_t add();
  // Gives a row other values: {field: [values]}. Fields that the schema does not have are passed
  // over.
  void set(std::uint32_t row, bool visible, const boost::json::object& values);
  void hide(std::uint32_t row) { visible_[row] = 0; }

  bool visible(std::uint32_t row) const { return visible_[row] != 0; }
  std::span<const std::uint32_t> sets(std::size_t keyword_field) const {
    return keywords_[keyword_field].set_of_row;
  }
  std::span<const std::int64_t> numbers(std::size_t number_field) const {
    return numbers_[number_field];
  }

  std::uint32_t set_count(std::size_t keyword_field) const {
    return static_cast<std::uint32_t>(keywords_[keyword_field].begins.size() - 1);
  }
  std::span<const std::uint32_t> terms_in(std::size_t keyword_field, std::uint32_t set) const {
    const auto& k = keywords_[keyword_field];
    return std::span(k.members).subspan(k.begins[set], k.begins[set + 1] - k.begins[set]);
  }
  const string_table& terms(std::size_t keyword_field) const {
    return keywords_[keyword_field].terms;
  }

  // Numbers rows anew, as postings::renumber() does, and forgets sets and terms that no row has.
  void renumber(std::span<const std::uint32_t> to, std::uint32_t rows);
  void shrink();

 private:
  struct keyword_column {
    std::vector<std::uint32_t> set_of_row;
    std::vector<std::uint32_t> begins{0};  // of sets, in members; set 0 is empty
    std::vector<std::uint32_t> members;    // numbers of terms
    string_table terms;
    // The sets, by the bytes of their members.
    string_table known;

    keyword_column();
    std::uint32_t learn(const std::vector<std::uint32_t>& set);
  };

  std::vector<char> visible_;
  std::vector<keyword_column> keywords_;
  std::vector<std::vector<std::int64_t>> numbers_;
  const layout& fields_;
};

}  // namespace oficio::embedded
