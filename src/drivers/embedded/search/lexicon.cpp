#include "drivers/embedded/search/lexicon.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "platform/search/spelling.hpp"
#include "platform/search/stems.hpp"

namespace oficio::embedded {
namespace {

// A change of one letter changes at most two of these bits: most words are told apart by them.
std::uint32_t letters_of(std::string_view word) {
  std::uint32_t out = 0;
  for (char c : word) {
    auto byte = static_cast<unsigned char>(c);
    bool plain = byte >= 'a' && byte <= 'z';
    out |= 1U << (plain ? byte - 'a' : 26 + byte % 6);
  }
  return out;
}

}  // namespace

std::optional<std::uint32_t> lexicon::learn(const search::word& w, std::string_view text) {
  auto number = words_.learn(w.folded);
  if (number == entries_.size()) {
    bool small = search::is_stop_word(w.folded);
    entries_.push_back(
        {small ? none : stems_.learn(search::stem_of(w.folded)), letters_of(w.folded)});
  }
  auto& e = entries_[number];
  if (e.stem == none) return std::nullopt;
  note_spelling(e, w, text.substr(w.begin, w.end - w.begin));
  return e.stem;
}

void lexicon::note_spelling(entry& e, const search::word& w, std::string_view text) {
  constexpr std::int32_t enough = 1'000;
  bool accented = text.size() > w.folded.size();
  e.accented = std::clamp(e.accented + (accented ? 1 : -1), -enough, enough);
  if (accented && e.spelling == 0) {
    e.spelling = static_cast<std::uint32_t>(spellings_.size());
    spellings_.push_back(search::lower(text));
  }
}

void lexicon::settle() {
  auto by_text = [this](std::uint32_t a, std::uint32_t b) {
    return words_.text(a) < words_.text(b);
  };
  auto known = static_cast<std::uint32_t>(sorted_.size());
  auto fresh = words_.size() - known;
  if (fresh < 64) {
    for (auto word = known; word < words_.size(); ++word) {
      sorted_.insert(std::ranges::upper_bound(sorted_, word, by_text), word);
    }
    return;
  }
  for (auto word = known; word < words_.size(); ++word) sorted_.push_back(word);
  std::ranges::sort(sorted_, by_text);
}

std::optional<std::uint32_t> lexicon::stem_of_word(std::string_view folded) const {
  if (search::is_stop_word(folded)) return std::nullopt;
  if (auto word = words_.find(folded)) return entries_[*word].stem;
  return stems_.find(search::stem_of(folded));
}

std::vector<std::uint32_t> lexicon::beginning(std::string_view folded) const {
  std::vector<std::uint32_t> out;
  auto at = std::ranges::lower_bound(sorted_, folded, {},
                                     [this](std::uint32_t word) { return words_.text(word); });
  for (; at != sorted_.end() && words_.text(*at).starts_with(folded); ++at) {
    if (entries_[*at].stem != none) out.push_back(entries_[*at].stem);
  }
  std::ranges::sort(out);
  auto twice = std::ranges::unique(out);
  out.erase(twice.begin(), twice.end());
  return out;
}

// All words are looked at: a hundred thousand of them are told apart by their letters in a tenth of
// a millisecond, which no index of parts of words betters, and nothing is missed.
std::vector<lexicon::neighbour> lexicon::near(std::string_view folded, int most) const {
  std::vector<neighbour> out;
  auto letters = letters_of(folded);
  auto size = static_cast<int>(folded.size());
  for (std::uint32_t word = 0; word < entries_.size(); ++word) {
    if (entries_[word].stem == none) continue;
    if (std::popcount(entries_[word].letters ^ letters) > 2 * most) continue;
    auto other = words_.text(word);
    if (std::abs(static_cast<int>(other.size()) - size) > most) continue;
    auto distance = search::letters_apart(folded, other, most);
    if (distance > 0 && distance <= most) out.push_back({word, entries_[word].stem, distance});
  }
  return out;
}

std::string lexicon::written(std::uint32_t word) const {
  const auto& e = entries_[word];
  return e.accented > 0 && e.spelling > 0 ? spellings_[e.spelling] : std::string(text(word));
}

}  // namespace oficio::embedded
