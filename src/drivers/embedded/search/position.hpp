#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/base/result.hpp"

namespace oficio::embedded {

// What a hit is sorted by, turned so that the greater score and then the greater number come first.
// Those without a value come last, whatever the direction; ties go by id, newest first.
struct sort_value {
  bool missing = false;
  double score = 0;         // relevance; 0 when sorted by a field
  std::int64_t number = 0;  // a field's value, negated when ascending; 0 for relevance
};

struct position {
  sort_value value;
  std::string id;
};

// Does a hit with `a` and `a_id` stand before one with `b` and `b_id`?
bool stands_before(const sort_value& a, std::string_view a_id, const sort_value& b,
                   std::string_view b_id);

// `order` names what the list is sorted by: a position in one order is none in another.
std::string write_position(const position& p, const std::string& order);
// Errors: bad_request `bad_cursor`.
result<position> read_position(const std::string& text, const std::string& order);

}  // namespace oficio::embedded
