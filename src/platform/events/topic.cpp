#include "platform/events/topic.hpp"

#include <cstddef>
#include <vector>

namespace oficio::events {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  if (text.empty()) return words;
  for (;;) {
    auto dot = text.find('.');
    words.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return words;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

// As with file name globs, going back to the last `#` only is enough, so the time is at most the
// product of the two lengths whatever the pattern.
bool topic_matches(std::string_view pattern, std::string_view key) {
  auto wanted = words_of(pattern);
  auto given = words_of(key);
  constexpr auto nowhere = static_cast<std::size_t>(-1);
  std::size_t w = 0;
  std::size_t g = 0;
  std::size_t last_hash = nowhere;
  std::size_t hash_took_up_to = 0;
  while (g < given.size()) {
    if (w < wanted.size() && wanted[w] == "#") {
      last_hash = w++;
      hash_took_up_to = g;
    } else if (w < wanted.size() && (wanted[w] == "*" || wanted[w] == given[g])) {
      ++w;
      ++g;
    } else if (last_hash != nowhere) {
      w = last_hash + 1;
      g = ++hash_took_up_to;
    } else {
      return false;
    }
  }
  while (w < wanted.size() && wanted[w] == "#") ++w;
  return w == wanted.size();
}

}  // namespace oficio::events
