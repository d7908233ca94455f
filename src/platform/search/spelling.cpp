#include "platform/search/spelling.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace oficio::search {
namespace {

constexpr std::size_t longest = 64;  // bytes of a word that are compared

}  // namespace

int letters_apart(std::string_view a, std::string_view b, int most) {
  if (a.size() > longest || b.size() > longest) return most + 1;
  // The last three rows of the table; rows are for prefixes of `a`.
  std::array<std::array<int, longest + 1>, 3> rows;
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& now = rows[i % 3];
    const auto& last = rows[(i + 2) % 3];
    const auto& before = rows[(i + 1) % 3];
    now[0] = static_cast<int>(i);
    int least = now[0];
    for (std::size_t j = 1; j <= b.size(); ++j) {
      int same = a[i - 1] == b[j - 1] ? 0 : 1;
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + same});
      bool changed_over = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (changed_over) now[j] = std::min(now[j], before[j - 2] + 1);
      least = std::min(least, now[j]);
    }
    if (least > most) return most + 1;
  }
  return std::min(rows[a.size() % 3][b.size()], most + 1);
}

// The second byte of those with accents differs by 0x20, as the only byte of the others does.
std::string lower(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto byte = static_cast<unsigned char>(out[i]);
    bool second = i > 0 && static_cast<unsigned char>(out[i - 1]) == 0xC3;
    bool capital = (byte >= 'A' && byte <= 'Z') || (second && byte >= 0x80 && byte <= 0x9E);
    if (capital) out[i] = static_cast<char>(byte + 0x20);
  }
  return out;
}

}  // namespace oficio::search
