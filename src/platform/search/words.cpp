#include "platform/search/words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace oficio::search {
namespace {

constexpr std::size_t max_bytes = 64;

// How a character takes part in words.
enum class role {
  separator,
  letter,     // of a word that goes on
  ideograph,  // a word of its own
  nothing     // invisible: as if it were not there
};

struct character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

// What is no UTF-8 is U+FFFD, one byte at a time.
character next(std::string_view text, std::size_t at) {
  auto byte = [&](std::size_t i) -> std::uint32_t {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0;
  };
  auto more = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  auto b = byte(0);
  if (b < 0x80) return {b, 1};
  if (b >= 0xC2 && b < 0xE0 && more(1)) return {(b & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (b >= 0xE0 && b < 0xF0 && more(1) && more(2)) {
    return {(b & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
  }
  if (b >= 0xF0 && b < 0xF5 && more(1) && more(2) && more(3)) {
    return {(b & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F),
            4};
  }
  return {0xFFFD, 1};
}

void append(std::string& to, char32_t c) {
  auto put = [&](char32_t bits) { to += static_cast<char>(bits); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

// U+00C0 to U+017F without their accents, in lower case; '*' has more than one letter or stands for
// itself.
constexpr std::string_view latin =
    "aaaaaa*ceeeeiiii"  // 00C0
    "*nooooo ouuuuy**"  // 00D0
    "aaaaaa*ceeeeiiii"  // 00E0
    "*nooooo ouuuuy*y"  // 00F0
    "aaaaaaccccccccdd"  // 0100
    "ddeeeeeeeeeegggg"  // 0110
    "gggghhhhiiiiiiii"  // 0120
    "ii**jjkkklllllll"  // 0130
    "lllnnnnnn*nnoooo"  // 0140
    "oo**rrrrrrssssss"  // 0150
    "ssttttttuuuuuuuu"  // 0160
    "uuuuwwyyyzzzzzzs";

void append_folded(std::string& to, char32_t c) {
  if (c >= 'A' && c <= 'Z') {
    to += static_cast<char>(c + 0x20);
  } else if (c < 0x80) {
    to += static_cast<char>(c);
  } else if (c == 0xDF) {
    to += "ss";
  } else if (c == 0xC6 || c == 0xE6) {
    to += "ae";
  } else if (c == 0x152 || c == 0x153) {
    to += "oe";
  } else if (c == 0xAA || c == 0xBA) {
    to += c == 0xAA ? 'a' : 'o';  // 1ª, 2º
  } else if (c >= 0xC0 && c < 0x180 && latin[c - 0xC0] != '*') {
    to += latin[c - 0xC0];
  } else if (c == 0xD0 || c == 0xDE) {
    append(to, c + 0x20);
  } else if ((c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F)) {
    append(to, c + 0x20);  // Greek and Cyrillic
  } else if (c >= 0x400 && c <= 0x40F) {
    append(to, c + 0x50);
  } else if (c >= 0xFF10 && c <= 0xFF5A) {
    append_folded(to, c - 0xFEE0);  // full width
  } else {
    append(to, c);
  }
}

struct range {
  char32_t first;
  char32_t last;
  role is;
};

// In order; what is in none is a letter.
constexpr std::array ranges{
    range{0x80, 0xA9, role::separator},       range{0xAB, 0xAC, role::separator},
    range{0xAD, 0xAD, role::nothing},  // soft hyphen
    range{0xAE, 0xB9, role::separator},       range{0xBB, 0xBF, role::separator},
    range{0xD7, 0xD7, role::separator},       range{0xF7, 0xF7, role::separator},
    range{0x2B0, 0x2FF, role::separator},     range{0x300, 0x36F, role::nothing},  // accents
    range{0x37E, 0x37E, role::separator},     range{0x387, 0x387, role::separator},
    range{0x589, 0x58A, role::separator},     range{0x5BE, 0x5BE, role::separator},
    range{0x5C0, 0x5C6, role::separator},     range{0x600, 0x61F, role::separator},
    range{0x66A, 0x66D, role::separator},     range{0x6D4, 0x6D4, role::separator},
    range{0x964, 0x965, role::separator},     range{0xE3F, 0xE3F, role::separator},
    range{0x200B, 0x200F, role::nothing},  // without width, directions
    range{0x2000, 0x202F, role::separator},   range{0x2060, 0x206F, role::nothing},
    range{0x2030, 0x2BFF, role::separator},   range{0x2E00, 0x3004, role::separator},
    range{0x3008, 0x3030, role::separator},   range{0x3031, 0x30FF, role::ideograph},
    range{0x3400, 0x9FFF, role::ideograph},   range{0xD800, 0xF8FF, role::separator},
    range{0xF900, 0xFAFF, role::ideograph},   range{0xFE00, 0xFE0F, role::nothing},
    range{0xFE10, 0xFE6F, role::separator},   range{0xFEFF, 0xFEFF, role::nothing},
    range{0xFF00, 0xFF0F, role::separator},   range{0xFF1A, 0xFF20, role::separator},
    range{0xFF3B, 0xFF40, role::separator},   range{0xFF5B, 0xFF65, role::separator},
    range{0xFFE0, 0xFFFF, role::separator},   range{0x1F000, 0x1FAFF, role::separator},
    range{0x20000, 0x3FFFF, role::ideograph}, range{0xE0000, 0x10FFFF, role::nothing}};

bool is_plain_letter(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

role role_of(char32_t c) {
  if (c < 0x80) return is_plain_letter(c) ? role::letter : role::separator;
  if (c >= 0xC0 && c < 0x180) {
    return c == 0xD7 || c == 0xF7 ? role::separator : role::letter;  // most of what comes
  }
  for (const auto& r : ranges) {
    if (c >= r.first && c <= r.last) return r.is;
  }
  return role::letter;
}

class splitter {
 public:
  splitter(std::string_view text, std::size_t max) : text_(text), max_(max) {}

  std::vector<word> split() {
    constexpr std::size_t usual_bytes = 6;
    out_.reserve(std::min(max_, text_.size() / usual_bytes + 1));
    while (at_ < text_.size() && out_.size() < max_) {
      auto c = next(text_, at_);
      take(c);
      at_ += c.bytes;
    }
    finish(at_);
    if (out_.size() > max_) out_.resize(max_);
    return std::move(out_);
  }

 private:
  void take(character c) {
    switch (role_of(c.code)) {
      case role::nothing:
        return;
      case role::letter:
        if (!open_) start();
        add(c.code);
        return;
      case role::ideograph:
        finish(at_);
        start();
        add(c.code);
        finish(at_ + c.bytes);
        return;
      case role::separator:
        separate(c);
        return;
    }
  }

  void start() {
    now_ = {{}, at_, at_};
    open_ = true;
    // ".net" is a word of its own where no other stands before the dot.
    if (at_ > 0 && text_[at_ - 1] == '.' && (at_ == 1 || !is_plain_letter(before(2))) &&
        starts_net()) {
      now_.folded = "dot";
    }
  }

  unsigned char before(std::size_t back) const {
    return static_cast<unsigned char>(text_[at_ - back]);
  }

  bool starts_net() const {
    auto rest = text_.substr(at_, 4);
    bool net = rest.size() >= 3 && (rest[0] | 0x20) == 'n' && (rest[1] | 0x20) == 'e' &&
               (rest[2] | 0x20) == 't';
    return net && (rest.size() == 3 || !is_plain_letter(static_cast<unsigned char>(rest[3])));
  }

  void add(char32_t c) {
    if (now_.folded.size() < max_bytes) append_folded(now_.folded, c);
  }

  void separate(character c) {
    if (!open_) return;
    bool apostrophe = c.code == '\'' || c.code == 0x2019;
    if (apostrophe && owner_ends(c)) {
      finish(at_);
      at_ += 1;  // the s; the caller passes over the apostrophe
      return;
    }
    if (apostrophe) return;  // "don't" is one word
    if (text_.substr(at_).starts_with("++") && now_.folded == "c") {
      now_.folded = "cpp";
    } else if (c.code == '#' && (now_.folded == "c" || now_.folded == "f")) {
      now_.folded += "sharp";
    }
    finish(at_);
  }

  // Is this the apostrophe of "designer's"?
  bool owner_ends(character c) const {
    auto rest = text_.substr(at_ + c.bytes, 3);
    if (rest.empty() || (rest[0] != 's' && rest[0] != 'S')) return false;
    return rest.size() == 1 || role_of(next(rest, 1).code) != role::letter;
  }

  void finish(std::size_t end) {
    if (!open_) return;
    open_ = false;
    now_.end = end;
    if (!now_.folded.empty()) out_.push_back(std::move(now_));
  }

  std::string_view text_;
  std::size_t max_;
  std::size_t at_ = 0;
  bool open_ = false;
  word now_;
  std::vector<word> out_;
};

constexpr std::size_t max_typed = 32;  // words
constexpr std::size_t max_looked_at = 128;

// Stands for itself, whatever is beside it.
bool is_simple(char c) {
  auto byte = static_cast<unsigned char>(c);
  return is_plain_letter(byte) || c == ' ' || c == '-' || c == ',' || c == '&';
}

}  // namespace

std::vector<word> words_of(std::string_view text, std::size_t max) {
  return splitter(text, max).split();
}

std::string folded(std::string_view text) {
  std::string out;
  for (const auto& w : words_of(text)) {
    if (!out.empty()) out += ' ';
    out += w.folded;
  }
  return out;
}

typing::typing(std::string_view typed) : wanted_(words_of(typed, max_typed)) {}

bool typing::stands_in(std::string_view text) const {
  if (wanted_.empty()) return false;
  if (std::ranges::all_of(text, is_simple)) return stands_in_ascii(text);
  auto there = words_of(text, max_looked_at);
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    bool last = i + 1 == wanted_.size();
    bool found = std::ranges::any_of(there, [&](const word& w) {
      return last ? w.folded.starts_with(wanted_[i].folded) : w.folded == wanted_[i].folded;
    });
    if (!found) return false;
  }
  return true;
}

// The same without making words, for most texts.
bool typing::stands_in_ascii(std::string_view text) const {
  auto letter_at = [&](std::size_t at) {
    return at < text.size() && is_plain_letter(static_cast<unsigned char>(text[at]));
  };
  auto begins_at = [&](std::size_t at, std::string_view w) {
    if (text.size() - at < w.size()) return false;
    for (std::size_t i = 0; i < w.size(); ++i) {
      auto c = text[at + i];
      if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c) != w[i]) return false;
    }
    return true;
  };
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    const auto& w = wanted_[i].folded;
    bool last = i + 1 == wanted_.size();
    bool found = false;
    for (std::size_t at = 0; at < text.size() && !found; ++at) {
      if (at > 0 && letter_at(at - 1)) continue;
      found = begins_at(at, w) && (last || !letter_at(at + w.size()));
    }
    if (!found) return false;
  }
  return true;
}

}  // namespace oficio::search
