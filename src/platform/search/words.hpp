#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oficio::search {

// A word of a text, folded: in lower case and without accents ("Diseño" is "diseno").
struct word {
  std::string folded;
  std::size_t begin = 0;  // bytes of the text that it stands in
  std::size_t end = 0;
};

// The words of a text, at most `max`, each at most 64 bytes (the rest of a longer one is left out).
// Whatever is no letter or digit separates them; a letter of a script without spaces is a word of
// its own. "c++", "c#" and ".net" are words. Any bytes will do: what is no UTF-8 separates.
std::vector<word> words_of(std::string_view text, std::size_t max = static_cast<std::size_t>(-1));

// The words of a text, folded, with one space between them: equal for texts that read alike.
std::string folded(std::string_view text);

// Something typed, of which the last word is perhaps only begun, to be asked of many texts.
class typing {
 public:
  explicit typing(std::string_view typed);
  // Does the text have all of its words? Never, if there are none.
  bool stands_in(std::string_view text) const;

 private:
  bool stands_in_ascii(std::string_view text) const;

  std::vector<word> wanted_;
};

}  // namespace oficio::search
