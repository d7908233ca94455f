#include "platform/search/synonyms.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "platform/search/stems.hpp"
#include "platform/search/words.hpp"

namespace oficio::search {
namespace {

constexpr std::size_t longest = 4;

std::string joined(const std::vector<std::string>& stems, std::size_t from, std::size_t count) {
  std::string out;
  for (auto i = from; i < from + count; ++i) out += stems[i] + ' ';
  return out;
}

}  // namespace

synonyms::synonyms(const std::vector<std::vector<std::string>>& groups) {
  for (const auto& group : groups) {
    std::vector<phrase> phrases;
    for (const auto& text : group) {
      phrase stems;
      for (const auto& w : words_of(text)) {
        if (is_stop_word(w.folded)) continue;
        words_.insert(w.folded);
        stems.push_back(stem_of(w.folded));
      }
      if (stems.empty() || stems.size() > longest) {
        throw std::invalid_argument("a synonym has no word or more than four: " + text);
      }
      // "logo" and "logos" are one already.
      if (std::ranges::find(phrases, stems) == phrases.end()) phrases.push_back(std::move(stems));
    }
    for (const auto& p : phrases) groups_of_[joined(p, 0, p.size())].push_back(groups_.size());
    groups_.push_back(std::move(phrases));
  }
}

synonyms::match synonyms::find(const std::vector<std::string>& stems, std::size_t at) const {
  for (auto length = std::min(longest, stems.size() - at); length > 0; --length) {
    auto found = groups_of_.find(joined(stems, at, length));
    if (found == groups_of_.end()) continue;
    phrase own(stems.begin() + static_cast<std::ptrdiff_t>(at),
               stems.begin() + static_cast<std::ptrdiff_t>(at + length));
    match out{length, {}};
    for (auto group : found->second) {
      for (const auto& p : groups_[group]) {
        if (p != own && std::ranges::find(out.others, p) == out.others.end()) {
          out.others.push_back(p);
        }
      }
    }
    return out;
  }
  return {};
}

}  // namespace oficio::search
