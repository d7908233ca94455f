#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/search/synonyms.hpp"
#include "platform/search/words.hpp"

namespace oficio::elasticsearch {

// Stems that a document must have all of to have what is meant, and how well that fits.
struct alternative {
  std::vector<std::string> stems;
  double quality = 1;
};

// What a word, or a phrase that has synonyms, may be in a document.
struct meaning {
  std::vector<alternative> alternatives;
  std::string beginning;  // folded; empty: the word is complete
  double worth = 1;       // the more, the fewer documents have it
};

// What the index knows of a word that was typed.
struct word_facts {
  std::int64_t documents = 0;  // that are shown and have its stem
  bool written = false;        // somebody wrote the word itself
  bool begun = false;          // somebody wrote a word that begins so
  struct neighbour {
    std::string word;  // folded
    std::int64_t documents = 0;
  };
  std::vector<neighbour> near;  // words that differ by a letter or two
};

// A text as people type it, word by word.
class reading {
 public:
  reading(std::string_view typed, const search::synonyms& same);

  struct token {
    search::word typed;
    std::string stem;                  // of the word, or of what it was corrected to
    bool may_go_on = false;            // the last one, when nothing stands behind it
    std::string corrected;             // folded; empty: it was not
    std::vector<std::string> guesses;  // words that it may be a misspelling of
  };
  const std::vector<token>& tokens() const { return tokens_; }
  // May it be a misspelling, as far as can be told without the index? Only a few of a text are.
  bool worth_a_guess(const token& t) const;

  // Takes what the index knows, a word_facts for each token. True if that changes what is meant.
  bool learn(const std::vector<word_facts>& facts);

  std::vector<meaning> meanings() const;
  // The text with what it was corrected to; `spelling` says how a folded word is written.
  template <class Spelling>
  std::optional<std::string> correction(Spelling spelling) const {
    std::string out;
    std::size_t copied = 0;
    for (const auto& t : tokens_) {
      if (t.corrected.empty()) continue;
      out += typed_.substr(copied, t.typed.begin - copied);
      out += spelling(t.corrected);
      copied = t.typed.end;
    }
    if (copied == 0) return std::nullopt;
    return out + typed_.substr(copied);
  }

 private:
  void judge(token& t, const word_facts& facts) const;

  std::string typed_;
  const search::synonyms& same_;
  std::vector<token> tokens_;
};

}  // namespace oficio::elasticsearch
