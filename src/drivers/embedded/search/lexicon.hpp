#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/embedded/search/string_table.hpp"
#include "platform/search/words.hpp"

namespace oficio::embedded {

// All words that documents ever had, as they were written and as their stems.
class lexicon {
 public:
  // A word that stands in `text`; the number of its stem, nothing for a small word.
  std::optional<std::uint32_t> learn(const search::word& w, std::string_view text);
  // Puts the words learnt since the last time in their order: what begin_with() finds.
  void settle();

  std::optional<std::uint32_t> stem(std::string_view stem) const { return stems_.find(stem); }
  // Has a document ever had the word itself?
  bool knows(std::string_view folded) const { return words_.find(folded).has_value(); }
  // For a word that may never have been seen; nothing for a small one.
  std::optional<std::uint32_t> stem_of_word(std::string_view folded) const;
  std::uint32_t stems() const { return stems_.size(); }
  std::string_view stem_text(std::uint32_t stem) const { return stems_.text(stem); }

  // Stems of the words that begin so; each once.
  std::vector<std::uint32_t> beginning(std::string_view folded) const;

  struct neighbour {
    std::uint32_t word;
    std::uint32_t stem;
    int distance;  // letters wrong, missing, too many, or changed over with the next
  };
  // The words with a distance of at most `most` (1 or 2) that are not the word itself.
  std::vector<neighbour> near(std::string_view folded, int most) const;

  std::string_view text(std::uint32_t word) const { return words_.text(word); }
  // With the accents that most documents write, in lower case.
  std::string written(std::uint32_t word) const;

 private:
  static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1);
  struct entry {
    std::uint32_t stem = none;   // of small words
    std::uint32_t letters = 0;   // a bit for each letter in it
    std::int32_t accented = 0;   // how often with accents more than without
    std::uint32_t spelling = 0;  // with accents, in spellings_; 0: none
  };

  void note_spelling(entry& e, const search::word& w, std::string_view text);

  string_table words_;
  string_table stems_;
  std::vector<entry> entries_;
  std::vector<std::string> spellings_{""};
  std::vector<std::uint32_t> sorted_;
};

}  // namespace oficio::embedded
