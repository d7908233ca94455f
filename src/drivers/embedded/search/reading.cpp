#include "drivers/embedded/search/reading.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "platform/search/stems.hpp"

namespace oficio::embedded {
namespace {

constexpr std::size_t max_words = 32;
// A beginning stands for its most frequent words: at most so many, and as many as have, together,
// three times as many documents as there are.
constexpr std::size_t max_beginnings = 200;
constexpr std::uint64_t max_share = 3;
constexpr std::size_t max_guesses = 3;
constexpr int max_looked_up = 8;  // words of a text that are looked up as misspelt
constexpr float of_beginning = 0.55F;
constexpr float of_synonym = 0.9F;
constexpr float of_guess = 0.6F;

struct guess {
  std::uint32_t word;
  std::uint32_t stem;
};

// A word as it is looked for.
struct token {
  search::word typed;
  std::string stem;                      // of the word, or of what it was corrected to
  std::optional<std::uint32_t> written;  // the word that it was corrected to
  std::vector<std::uint32_t> beginnings;
  std::vector<guess> guesses;
};

class reader {
 public:
  reader(std::string_view typed, const contents& all, const search::synonyms& same)
      : typed_(typed), all_(all), same_(same) {}

  reading read() {
    auto words = search::words_of(typed_, max_words);
    if (words.empty()) return {};
    bool open_end = words.back().end == typed_.size();  // may go on
    auto last = words.back();
    std::erase_if(words, [](const search::word& w) { return search::is_stop_word(w.folded); });
    bool nothing_else = words.empty();
    if (nothing_else) words.push_back(last);
    bool last_may_go_on = nothing_else || (open_end && words.back().end == last.end);
    for (std::size_t i = 0; i < words.size(); ++i) {
      tokens_.push_back(look(words[i], last_may_go_on && i + 1 == words.size()));
    }
    return {meanings(), correction()};
  }

 private:
  std::uint32_t frequency(std::uint32_t stem) const { return all_.words.count(stem); }
  std::uint32_t frequency(const std::string& stem) const {
    auto number = all_.language.stem(stem);
    return number ? frequency(*number) : 0;
  }

  token look(const search::word& w, bool may_go_on) {
    token out{w, search::stem_of(w.folded), {}, {}, {}};
    auto known = frequency(out.stem);
    if (may_go_on) out.beginnings = beginnings(w.folded);
    if (known == 0 && out.beginnings.empty() && !same_.words().contains(w.folded)) {
      out.guesses = guesses(w.folded, 1);
      if (!out.guesses.empty()) {
        out.written = out.guesses.front().word;
        out.stem = all_.language.stem_text(out.guesses.front().stem);
      }
    } else if (known > 0 && w.folded.size() > 4) {
      doubt(out, known);
    }
    return out;
  }

  // Words that are known, but perhaps by mistake.
  void doubt(token& t, std::uint32_t known) {
    const auto& folded = t.typed.folded;
    if (all_.language.knows(folded)) {
      // So few documents have it that it may be their mistake too.
      if (known <= 2) t.guesses = guesses(folded, 20 * known);
      return;
    }
    if (!t.beginnings.empty() || same_.words().contains(folded)) return;
    // Nobody wrote it: only its ending made it a form of another word ("desing", of "des").
    auto near = guesses(folded, known + 1);
    auto own = all_.language.stem(t.stem);
    bool form = std::ranges::any_of(near, [&](const guess& g) { return g.stem == own; });
    if (near.empty() || form) return;
    t.written = near.front().word;
    t.stem = all_.language.stem_text(near.front().stem);
    t.guesses = std::move(near);
  }

  std::vector<std::uint32_t> beginnings(std::string_view folded) const {
    auto out = all_.language.beginning(folded);
    std::erase_if(out, [&](std::uint32_t stem) { return frequency(stem) == 0; });
    auto kept = std::min(out.size(), max_beginnings);
    auto rank = [&](std::uint32_t stem) { return std::pair(-std::int64_t{frequency(stem)}, stem); };
    std::ranges::partial_sort(out, out.begin() + static_cast<std::ptrdiff_t>(kept), {}, rank);
    std::uint64_t read = 0;
    for (std::size_t i = 1; i < kept; ++i) {
      read += frequency(out[i - 1]);
      if (read > max_share * all_.rows.size()) kept = i;
    }
    out.resize(kept);
    return out;
  }

  // Words that it is a misspelling of, the likeliest first: those that at least `least` documents
  // have.
  std::vector<guess> guesses(std::string_view folded, std::uint32_t least) {
    if (folded.size() < 3 || looked_up_++ >= max_looked_up) return {};
    bool rare = least > 1;
    auto near = all_.language.near(folded, folded.size() < 7 || rare ? 1 : 2);
    using rank = std::tuple<int, bool, std::int64_t, std::uint32_t>;
    std::vector<std::pair<rank, guess>> ranked;
    for (const auto& n : near) {
      auto text = all_.language.text(n.word);
      bool other_begin = text[0] != folded[0];
      if (frequency(n.stem) < least) continue;
      if (other_begin && folded.size() < 5) continue;  // anything is near a short word
      if (text.size() < 3) continue;
      ranked.push_back(
          {{n.distance, other_begin, -std::int64_t{frequency(n.stem)}, n.word}, {n.word, n.stem}});
    }
    std::ranges::sort(ranked, {}, [](const auto& r) { return r.first; });
    std::vector<guess> out;
    for (const auto& [r, g] : ranked) {
      bool as_near = std::get<0>(r) == std::get<0>(ranked.front().first);
      bool again = std::ranges::any_of(out, [&](const guess& o) { return o.stem == g.stem; });
      if (as_near && !again && out.size() < max_guesses) out.push_back(g);
    }
    return out;
  }

  std::vector<meaning> meanings() const {
    std::vector<std::string> stems;
    for (const auto& t : tokens_) stems.push_back(t.stem);
    std::vector<meaning> out;
    for (std::size_t at = 0; at < tokens_.size();) {
      auto same = same_.find(stems, at);
      auto length = std::max<std::size_t>(same.length, 1);
      meaning next;
      add(next,
          {stems.begin() + static_cast<std::ptrdiff_t>(at),
           stems.begin() + static_cast<std::ptrdiff_t>(at + length)},
          1);
      for (const auto& phrase : same.others) add(next, phrase, of_synonym);
      if (length == 1) add_more(next, tokens_[at]);
      out.push_back(std::move(next));
      at += length;
    }
    return out;
  }

  void add_more(meaning& to, const token& t) const {
    for (auto stem : t.beginnings) add(to, stem, of_beginning);
    for (const auto& g : t.guesses) add(to, g.stem, of_guess);
  }

  void add(meaning& to, const search::synonyms::phrase& phrase, float quality) const {
    alternative next{{}, quality};
    for (const auto& text : phrase) {
      auto stem = all_.language.stem(text);
      if (!stem || frequency(*stem) == 0) return;
      next.stems.push_back(*stem);
    }
    to.alternatives.push_back(std::move(next));
  }

  static void add(meaning& to, std::uint32_t stem, float quality) {
    bool known = std::ranges::any_of(to.alternatives, [&](const alternative& a) {
      return a.stems.size() == 1 && a.stems.front() == stem;
    });
    if (!known) to.alternatives.push_back({{stem}, quality});
  }

  std::optional<std::string> correction() const {
    std::string out;
    std::size_t copied = 0;
    for (const auto& t : tokens_) {
      if (!t.written) continue;
      out += typed_.substr(copied, t.typed.begin - copied);
      out += all_.language.written(*t.written);
      copied = t.typed.end;
    }
    if (copied == 0) return std::nullopt;
    return out + std::string(typed_.substr(copied));
  }

  std::string_view typed_;
  const contents& all_;
  const search::synonyms& same_;
  std::vector<token> tokens_;
  int looked_up_ = 0;
};

}  // namespace

reading read_text(std::string_view typed, const contents& all, const search::synonyms& same) {
  return reader(typed, all, same).read();
}

}  // namespace oficio::embedded
