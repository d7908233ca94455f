#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/search/index.hpp"

namespace oficio::embedded {

// A schema's fields, each with its number among those of its kind.
class layout {
 public:
  struct column {
    search::field_kind kind;
    std::size_t number;
  };
  struct signal {
    std::size_t number;
    double weight;
  };

  // Throws std::invalid_argument: a name twice, no text field, a signal that is no number field.
  explicit layout(const search::schema& s);

  // Null for a name that is no field.
  const column* find(std::string_view name) const;
  // Throws std::invalid_argument unless that field is there and of that kind: a bug of the caller.
  std::size_t number_of(const std::string& name, search::field_kind kind) const;

  const std::vector<std::string>& texts() const { return texts_; }
  const std::vector<double>& boosts() const { return boosts_; }
  std::size_t number_count() const { return numbers_; }
  std::size_t keyword_count() const { return keywords_; }
  const std::vector<signal>& signals() const { return signals_; }

  // The same text for the same fields: tells whether a file was written with them.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  std::unordered_map<std::string, column> columns_;
  std::vector<std::string> texts_;
  std::vector<double> boosts_;
  std::size_t keywords_ = 0;
  std::size_t numbers_ = 0;
  std::vector<signal> signals_;
  std::string fingerprint_;
};

}  // namespace oficio::embedded
