#pragma once

#include <string>
#include <string_view>

namespace oficio::search {

// What words of one meaning share, in English and Spanish alike: "logos" and "logo", "designer" and
// "design", "diseñador" and "diseño". `folded` is a word of words_of(). The stem is for
// comparing, not for reading.
std::string stem_of(std::string_view folded);

// A small word of either language, which tells nothing about a document.
bool is_stop_word(std::string_view folded);

}  // namespace oficio::search
