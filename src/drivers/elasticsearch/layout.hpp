#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/json/json.hpp"
#include "platform/search/index.hpp"

namespace oficio::elasticsearch {

// How a schema's documents lie in an index. Texts are cut into words and stems here, by the same
// rules as in every other engine, and the server is given the results: what a search finds does not
// hang on a server's version or plugins, and new synonyms need no new index.
//
//   id          the document's, for sorting
//   layout      fingerprint of the fields that it was written with
//   shown       search may find it; false for hidden documents and tombstones
//   removed     a tombstone; removed_at: milliseconds since 1970
//   body        as it was put
//   texts.F     texts as they were written
//   stems       the stems of their words, and how much each tells of the document
//   starts.F    their words, found by their beginnings; those of keywords, too
//   words       the words of all texts
//   backwards   the same, each from its end: the server's suggester wants first letters to be right
//   spellings   "diseno diseño" for words with accents
//               (these five only of what is shown)
//   keywords.F, numbers.F
class layout {
 public:
  // Throws std::invalid_argument: a name twice, no text field, a signal that is no number field.
  explicit layout(const search::schema& s);

  struct text_field {
    std::string name;
    std::string starts;  // where its words' beginnings lie
    double boost;
  };
  struct signal {
    std::string path;
    double weight;
  };
  const std::vector<text_field>& texts() const { return texts_; }
  const std::vector<signal>& signals() const { return signals_; }
  // Paths of fields. Throw std::invalid_argument unless the field is there and of that kind: a bug
  // of the caller.
  std::string keyword(const std::string& field) const;
  std::string number(const std::string& field) const;
  std::string starts(const std::string& field) const;
  bool is_text(const std::string& field) const;

  // The same for the same fields and the same rules about words.
  const std::string& fingerprint() const { return fingerprint_; }
  // The body of a request that creates an index.
  json::object creation(int replicas, int generation) const;
  json::object mapping(int generation) const;

  // Errors: internal `bad_search_value` for a value that the schema does not take.
  result<void> check(const search::versioned& v) const;
  json::object source(const search::versioned& v, std::int64_t now_ms) const;

 private:
  json::object properties() const;
  void add_texts(const search::document& d, json::object& to) const;
  json::object weights(const search::document& d) const;

  std::map<std::string, search::field_kind, std::less<>> kinds_;
  std::vector<text_field> texts_;
  std::vector<signal> signals_;
  std::string fingerprint_;
};

// What is added to a stem's weight for it to tell half of what a stem can: see stem_path().
inline constexpr double half_way = 3;
// Where the weight of a stem lies, a rank feature. Of weight w it tells w / (w + half_way).
std::string stem_path(const std::string& stem);

// A word from its end to its beginning.
std::string backwards(const std::string& folded);

// A word's beginnings have at most so many characters.
inline constexpr std::size_t longest_start = 20;
// As a beginning is looked for: not longer than that.
std::string start_of(const std::string& folded);

}  // namespace oficio::elasticsearch
