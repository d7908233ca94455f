#include "drivers/elasticsearch/reading.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "platform/search/spelling.hpp"
#include "platform/search/stems.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::size_t max_words = 32;
constexpr std::size_t max_guesses = 3;
constexpr std::ptrdiff_t max_looked_up = 8;  // words of a text that are looked up as misspelt
constexpr double of_synonym = 0.9;
constexpr double of_guess = 0.6;
// A server takes some thousand clauses: a text of many words that have synonyms is read without.
constexpr std::size_t words_with_synonyms = 8;

// Words that it may be a misspelling of, the likeliest first: those that at least `least` documents
// have.
std::vector<std::string> guesses(const std::string& folded, const word_facts& facts,
                                 std::int64_t least) {
  using rank = std::tuple<int, bool, std::int64_t, std::string>;
  int most = folded.size() < 7 || least > 1 ? 1 : 2;
  std::vector<rank> ranked;
  for (const auto& n : facts.near) {
    bool other_begin = n.word[0] != folded[0];
    if (n.documents < least || n.word.size() < 3) continue;
    if (other_begin && folded.size() < 5) continue;  // anything is near a short word
    auto distance = search::letters_apart(folded, n.word, most);
    if (distance == 0 || distance > most) continue;
    ranked.emplace_back(distance, other_begin, -n.documents, n.word);
  }
  std::ranges::sort(ranked);
  std::vector<std::string> out;
  std::vector<std::string> stems;
  for (const auto& [distance, other, documents, word] : ranked) {
    if (distance != std::get<0>(ranked.front()) || out.size() == max_guesses) break;
    auto stem = search::stem_of(word);
    if (std::ranges::find(stems, stem) != stems.end()) continue;
    stems.push_back(std::move(stem));
    out.push_back(word);
  }
  return out;
}

}  // namespace

reading::reading(std::string_view typed, const search::synonyms& same)
    : typed_(typed), same_(same) {
  auto words = search::words_of(typed_, max_words);
  if (words.empty()) return;
  bool open_end = words.back().end == typed_.size();
  auto last = words.back();
  std::erase_if(words, [](const search::word& w) { return search::is_stop_word(w.folded); });
  bool nothing_else = words.empty();
  if (nothing_else) words.push_back(last);
  bool may_go_on = nothing_else || (open_end && words.back().end == last.end);
  for (auto& w : words) {
    auto stem = search::stem_of(w.folded);
    tokens_.push_back({std::move(w), std::move(stem), false, {}, {}});
  }
  tokens_.back().may_go_on = may_go_on;
}

bool reading::worth_a_guess(const token& t) const {
  if (t.typed.folded.size() < 3) return false;
  auto earlier = std::ranges::count_if(
      tokens_, [&](const token& other) { return &other < &t && other.typed.folded.size() >= 3; });
  return earlier < max_looked_up;
}

bool reading::learn(const std::vector<word_facts>& facts) {
  bool changed = false;
  for (std::size_t i = 0; i < tokens_.size() && i < facts.size(); ++i) {
    judge(tokens_[i], facts[i]);
    changed = changed || !tokens_[i].guesses.empty();
  }
  return changed;
}

void reading::judge(token& t, const word_facts& facts) const {
  const auto& folded = t.typed.folded;
  bool synonym = same_.words().contains(folded);
  bool begun = t.may_go_on && facts.begun;
  auto correct = [&] {
    if (t.guesses.empty()) return;
    t.corrected = t.guesses.front();
    t.stem = search::stem_of(t.corrected);
  };
  if (facts.documents == 0) {
    if (begun || synonym) return;
    t.guesses = guesses(folded, facts, 1);
    correct();
    return;
  }
  if (folded.size() <= 4) return;
  if (facts.written) {
    // So few documents have it that it may be their mistake too.
    if (facts.documents <= 2) t.guesses = guesses(folded, facts, 20 * facts.documents);
    return;
  }
  if (begun || synonym) return;
  // Nobody wrote it: only its ending made it a form of another word ("desing", of "des").
  auto near = guesses(folded, facts, facts.documents + 1);
  bool form = std::ranges::any_of(
      near, [&](const std::string& word) { return search::stem_of(word) == t.stem; });
  if (form) return;
  t.guesses = std::move(near);
  correct();
}

std::vector<meaning> reading::meanings() const {
  std::vector<std::string> stems;
  for (const auto& t : tokens_) stems.push_back(t.stem);
  std::vector<meaning> out;
  for (std::size_t at = 0; at < tokens_.size();) {
    auto same = same_.find(stems, at);
    auto length = std::max<std::size_t>(same.length, 1);
    auto first = stems.begin() + static_cast<std::ptrdiff_t>(at);
    meaning next;
    next.alternatives.push_back({{first, first + static_cast<std::ptrdiff_t>(length)}, 1});
    for (const auto& phrase : same.others) {
      if (out.size() < words_with_synonyms) next.alternatives.push_back({phrase, of_synonym});
    }
    if (length == 1) {
      const auto& t = tokens_[at];
      if (t.may_go_on && t.corrected.empty()) next.beginning = t.typed.folded;
      for (const auto& word : t.guesses) {
        auto stem = search::stem_of(word);
        if (stem != t.stem) next.alternatives.push_back({{std::move(stem)}, of_guess});
      }
    }
    out.push_back(std::move(next));
    at += length;
  }
  return out;
}

}  // namespace oficio::elasticsearch
