#include "platform/base/unicode.hpp"

#include <array>

namespace oficio {
namespace {

constexpr std::string_view ellipsis = "…";

bool is_white(char32_t c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0xa0;
}

// What may stay, character by character.
class tidying {
 public:
  tidying(bool one_line, std::size_t most) : one_line_(one_line), most_(most) {}

  void add(char32_t c, std::string_view bytes) {
    if (is_control(c) || is_deceptive(c)) c = ' ', bytes = one_line_ ? " " : "";
    if (bytes.empty()) return;
    marks_ = is_mark(c) ? marks_ + 1 : 0;
    if (marks_ > most_marks) return;
    if (one_line_ && is_white(c)) {
      waiting_ = !out_.empty();
      return;
    }
    if (waiting_) put(" ");
    waiting_ = false;
    put(bytes);
  }

  std::string result() { return std::move(out_); }

 private:
  void put(std::string_view bytes) {
    ++length_;
    if (length_ < most_) {
      out_ += bytes;
    } else if (length_ == most_) {
      last_ = out_.size();
      out_ += bytes;
    } else if (length_ == most_ + 1) {
      out_.resize(last_);
      out_ += ellipsis;
    }
  }

  bool one_line_;
  std::size_t most_;
  std::string out_;
  std::size_t length_ = 0;
  std::size_t last_ = 0;  // where the last character that fits begins
  int marks_ = 0;
  bool waiting_ = false;  // white space, which counts only if something follows
};

std::string tidy(std::string_view text, bool one_line, std::size_t most) {
  tidying work(one_line, most);
  for (std::size_t at = 0; at < text.size();) {
    auto [point, size] = code_point(text, at);
    work.add(point, text.substr(at, size));
    at += size;
  }
  return work.result();
}

}  // namespace

std::pair<char32_t, std::size_t> code_point(std::string_view text, std::size_t at) {
  constexpr std::pair<char32_t, std::size_t> broken{0xffff, 1};
  auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1};
  std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + size > text.size()) return broken;
  char32_t point = lead & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xc0U) != 0x80U) return broken;
    point = (point << 6U) | (byte & 0x3fU);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < smallest[size] || point > 0x10ffff || surrogate ? broken : std::pair{point, size};
}

bool is_control(char32_t c) {
  return (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || (c >= 0x7f && c < 0xa0);
}

bool is_deceptive(char32_t c) {
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 ||
         c == 0x2029 || (c >= 0xfff9 && c <= 0xfffb) || (c & 0xfffeU) == 0xfffe ||
         (c >= 0xfdd0 && c <= 0xfdef) || c == 0xfeff;
}

bool is_mark(char32_t c) {
  return (c >= 0x300 && c <= 0x36f) || (c >= 0x483 && c <= 0x489) || (c >= 0x591 && c <= 0x5bd) ||
         (c >= 0x610 && c <= 0x61a) || (c >= 0x64b && c <= 0x65f) || (c >= 0xe31 && c <= 0xe3a) ||
         (c >= 0xe47 && c <= 0xe4e) || (c >= 0x1ab0 && c <= 0x1aff) ||
         (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x20d0 && c <= 0x20ff) ||
         (c >= 0xfe20 && c <= 0xfe2f);
}

std::string tidy_text(std::string_view text, std::size_t most) {
  return tidy(text, false, most);
}

std::string tidy_line(std::string_view text, std::size_t most) {
  return tidy(text, true, most);
}

}  // namespace oficio
