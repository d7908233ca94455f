#pragma once

#include <string>
#include <string_view>

namespace oficio::embedded {

// What people typed as an FTS5 expression in which nothing is syntax: every word quoted, all of
// them wanted, the last as a prefix. At most 32 words count. Empty if there is no word in it.
std::string match_expression(std::string_view typed);

// Nothing but white space: no search for words at all.
bool is_blank(std::string_view typed);

}  // namespace oficio::embedded
