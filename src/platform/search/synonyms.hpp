#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace oficio::search {

// The schema's groups of phrases that mean the same, by their stems.
class synonyms {
 public:
  using phrase = std::vector<std::string>;  // stems

  // Throws std::invalid_argument for a phrase without a word or of more than four.
  explicit synonyms(const std::vector<std::vector<std::string>>& groups);

  // The longest phrase that stands in `stems` at `at`: how many stems it has (0: none), and the
  // others of its groups.
  struct match {
    std::size_t length = 0;
    std::vector<phrase> others;
  };
  match find(const std::vector<std::string>& stems, std::size_t at) const;

  // Words, as written in the groups and folded, that need no document to be words.
  const std::unordered_set<std::string>& words() const { return words_; }

 private:
  std::vector<std::vector<phrase>> groups_;
  std::unordered_map<std::string, std::vector<std::size_t>> groups_of_;  // by the phrase's stems
  std::unordered_set<std::string> words_;
};

}  // namespace oficio::search
