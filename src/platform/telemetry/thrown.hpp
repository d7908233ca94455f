#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oficio::telemetry {

// Where an exception was thrown. Every throw of this process is remembered for a while (the last 64
// of them, about 10 µs each), so that who catches one at the end can still tell.

// Builds with a sanitizer, which sees to throws itself, remember none.
bool throws_are_seen();

// The functions that were at work, the innermost first, without those of the language and its
// libraries at either end; names come from the program's own symbols, and are bare addresses where
// it was stripped. Empty if that throw is forgotten, or throws are not seen.
std::vector<std::string> thrown_at(const std::exception& e);

// The type of an exception as people write it: "std::out_of_range".
std::string type_of(const std::exception& e);

// An exception in one text, for those who pass on only texts: message, a line feed, the type, and a
// line for each function; untold() takes it apart again.
std::string told(const std::exception& e);
// With another message than its own, which may hold what must not be told.
std::string told(const std::exception& e, std::string message);

struct told_exception {
  std::string message;
  std::string type;  // empty: the text was no told exception
  std::vector<std::string> frames;
};
told_exception untold(std::string_view text);

// The text of an error of which a document was made, so that who passes it on makes no second one;
// untold() knows it, too.
std::string as_recorded(std::string text);
bool is_recorded(std::string_view text);

}  // namespace oficio::telemetry
