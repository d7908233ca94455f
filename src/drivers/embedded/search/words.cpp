#include "drivers/embedded/search/words.hpp"

#include <algorithm>
#include <vector>

namespace oficio::embedded {
namespace {

constexpr std::size_t max_words = 32;
constexpr std::size_t max_word_bytes = 128;

bool in_word(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

// Cuts at a character's border.
std::string_view cut(std::string_view word) {
  if (word.size() <= max_word_bytes) return word;
  auto end = max_word_bytes;
  while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) --end;
  return word.substr(0, end);
}

}  // namespace

// Every ASCII character that is no letter or digit separates words, as it does for the unicode61
// tokenizer: no quote, operator or column filter is left to be syntax.
std::string match_expression(std::string_view typed) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < typed.size() && words.size() < max_words;) {
    if (!in_word(typed[i])) {
      ++i;
      continue;
    }
    auto begin = i;
    while (i < typed.size() && in_word(typed[i])) ++i;
    words.push_back(cut(typed.substr(begin, i - begin)));
  }
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += ' ';
    out += '"';
    out += words[i];
    out += '"';
  }
  if (!out.empty()) out += '*';
  return out;
}

bool is_blank(std::string_view typed) {
  return std::ranges::all_of(typed, [](char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
  });
}

}  // namespace oficio::embedded
