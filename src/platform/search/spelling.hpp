#pragma once

#include <string>
#include <string_view>

namespace oficio::search {

// How many letters are wrong, missing, too many or changed over with the next; `most` + 1 when it
// is more than `most`, or a word has more than 64 bytes.
int letters_apart(std::string_view a, std::string_view b, int most);

// Lower case for ASCII and for Latin letters with accents, which stay.
std::string lower(std::string_view text);

}  // namespace oficio::search
