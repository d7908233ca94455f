#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace oficio {

// The code point that begins at byte `at` of a UTF-8 text, and how many bytes it has; a byte that
// is no UTF-8 counts alone, as U+FFFF, which no text has.
std::pair<char32_t, std::size_t> code_point(std::string_view text, std::size_t at);

// C0 and C1 controls, but for line feed, carriage return and tab.
bool is_control(char32_t c);
// Turns the direction of what follows, even beyond the text itself, hides in it, or is no character
// at all. The plain marks of direction (U+200E, U+200F) and the joiners of emoji do no harm.
bool is_deceptive(char32_t c);
// Stands above or below the letter before it.
bool is_mark(char32_t c);
// Of marks on one letter, as many as any language needs: more are there to spill over other lines.
inline constexpr int most_marks = 5;

// Text that comes from others, fit to stand among our own: controls, deceptive characters and heaps
// of marks go; cut at `most` characters, with an ellipsis in the place of the last.
std::string tidy_text(std::string_view text, std::size_t most);
// The same on one line: runs of white space are one space.
std::string tidy_line(std::string_view text, std::size_t most);

}  // namespace oficio
