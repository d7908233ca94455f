#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/json/reader.hpp"

namespace oficio::json {

// How many characters (Unicode code points, not bytes) a UTF-8 text has.
std::size_t length_of(std::string_view utf8);

// Text that people wrote: `min` to `max` characters, not only white space when min > 0, no tricks.
// Codes: too_short, too_long, control_character, deceptive_character, too_many_marks.
void check_text(violations& out, std::string pointer, std::string_view text, std::size_t min,
                std::size_t max);

// Code: range.
void check_range(violations& out, std::string pointer, std::int64_t number, std::int64_t min,
                 std::int64_t max);

// Code: too_few, too_many.
void check_count(violations& out, std::string pointer, std::size_t count, std::size_t min,
                 std::size_t max);

}  // namespace oficio::json
