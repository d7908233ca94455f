#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/embedded/search/layout.hpp"
#include "drivers/embedded/sqlite/connection.hpp"

namespace oficio::embedded {

// The keyword and number values of all documents, in memory: filters, facets and sorts over 100,000
// documents are one pass of a few milliseconds here, and tens of them over tables.
//
// It learns only from committed rows, by their change sequence, so that it holds what the file
// holds whoever wrote it.
class columns {
 public:
  static constexpr std::int64_t absent = std::numeric_limits<std::int64_t>::min();

  struct keyword {
    std::uint32_t field;
    std::uint32_t term;  // its number in the dictionary
  };

  explicit columns(const layout& fields) : fields_(fields), dictionary_(fields.keyword_count()) {}

  // Reads what was committed since the last time.
  void catch_up(connection& c);

  // Everything below only while this is held, and not across a wait.
  std::shared_lock<std::shared_mutex> hold() const { return std::shared_lock(guard_); }

  // Documents are numbered as their rows in the file; some numbers have none.
  std::size_t size() const { return rows_.size(); }
  bool visible(std::size_t row) const { return rows_[row].visible; }
  const std::string& id(std::size_t row) const { return rows_[row].id; }
  std::span<const keyword> keywords(std::size_t row) const {
    return {keywords_.data() + rows_[row].first, rows_[row].count};
  }
  std::int64_t number(std::size_t row, std::size_t field) const {
    return numbers_[row * fields_.number_count() + field];
  }

  std::size_t terms() const { return terms_.size(); }
  const std::string& text_of(std::uint32_t term) const { return *terms_[term]; }
  std::optional<std::uint32_t> term(std::size_t field, const std::string& text) const;
  // All terms of a field, by their text.
  const std::map<std::string, std::uint32_t>& terms_of(std::size_t field) const {
    return dictionary_[field];
  }

 private:
  struct row {
    std::string id;
    bool visible = false;
    std::size_t first = 0;
    std::uint32_t count = 0;
  };

  void set(std::size_t number, std::string id, bool visible, std::string_view values);
  void set_value(std::size_t number, const layout::column& to, const boost::json::value& v);
  std::uint32_t learn(std::size_t field, std::string_view text);
  void compact();

  const layout& fields_;
  mutable std::shared_mutex guard_;
  std::int64_t seen_ = 0;  // the last change sequence
  std::vector<row> rows_;
  std::vector<keyword> keywords_;
  std::size_t unused_keywords_ = 0;
  std::vector<std::int64_t> numbers_;
  std::vector<std::map<std::string, std::uint32_t>> dictionary_;  // one a keyword field
  std::vector<const std::string*> terms_;                         // keys of the dictionaries
};

}  // namespace oficio::embedded
