#include "platform/realtime/json_scan.hpp"

#include <algorithm>

namespace oficio::realtime {
namespace {

constexpr int max_depth = 100;
constexpr std::uint32_t max_number_of_placeholder = 10'000;

class scanner {
 public:
  explicit scanner(std::string_view text) : text_(text) {}

  bool array(scanned* out) {
    ++at_;  // [
    if (++depth_ > max_depth) return false;
    skip_space();
    if (peek() != ']') {
      do {
        skip_space();
        auto begin = at_;
        if (!value()) return false;
        if (out) {
          out->elements.push_back(
              {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_ - begin)});
        }
        skip_space();
      } while (take(','));
    }
    --depth_;
    return take(']');
  }

  // The number of its placeholder goes to `number_`, if it is one.
  bool object() {
    ++at_;  // {
    if (++depth_ > max_depth) return false;
    bool marked = false;
    std::int64_t number = -1;
    skip_space();
    if (peek() != '}') {
      do {
        if (!member(marked, number)) return false;
      } while (take(','));
    }
    --depth_;
    if (!take('}')) return false;
    last_placeholder_ = -1;
    if (!marked) return true;
    if (number < 0 || number >= max_number_of_placeholder) {
      bad_placeholder_ = true;
    } else {
      last_placeholder_ = number;
      placeholders_ = std::max(placeholders_, static_cast<std::uint32_t>(number) + 1);
    }
    return true;
  }

  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }
  bool at_end() {
    skip_space();
    return at_ == text_.size();
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::uint32_t placeholders() const { return placeholders_; }
  std::int64_t last_placeholder() const { return last_placeholder_; }
  bool bad_placeholder() const { return bad_placeholder_; }

 private:
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  bool member(bool& marked, std::int64_t& number) {
    skip_space();
    auto begin = at_;
    if (peek() != '"' || !string()) return false;
    auto name = text_.substr(begin, at_ - begin);
    skip_space();
    if (!take(':')) return false;
    skip_space();
    auto from = at_;
    if (!value()) return false;
    auto what = text_.substr(from, at_ - from);
    if (name == "\"_placeholder\"") marked = what == "true";
    if (name == "\"num\"") number = small_number(what);
    skip_space();
    return true;
  }

  static std::int64_t small_number(std::string_view text) {
    if (text.empty() || text.size() > 5) return -1;
    std::int64_t out = 0;
    for (char c : text) {
      if (c < '0' || c > '9') return -1;
      out = out * 10 + (c - '0');
    }
    return out;
  }

  bool value() {
    switch (peek()) {
      case '"':
        return string();
      case '{':
        return object();
      case '[':
        return array(nullptr);
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  bool word(std::string_view w) {
    if (text_.substr(at_, w.size()) != w) return false;
    at_ += w.size();
    return true;
  }

  bool string() {
    ++at_;
    while (at_ < text_.size()) {
      auto c = static_cast<unsigned char>(text_[at_++]);
      if (c == '"') return true;
      if (c < 0x20 || (c == '\\' && !escape())) return false;
    }
    return false;
  }

  bool escape() {
    char c = peek();
    ++at_;
    if (c != 'u')
      return c != '\0' && std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
    for (int i = 0; i < 4; ++i, ++at_) {
      char h = peek();
      bool hex = (h >= '0' && h <= '9') || (h >= 'a' && h <= 'f') || (h >= 'A' && h <= 'F');
      if (!hex) return false;
    }
    return true;
  }

  bool digits() {
    auto begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > begin;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::uint32_t placeholders_ = 0;
  std::int64_t last_placeholder_ = -1;
  bool bad_placeholder_ = false;
};

}  // namespace

bool scan_array(std::string_view text, scanned& out) {
  scanner scan(text);
  scan.skip_space();
  out.elements.clear();
  if (scan.peek() != '[' || !scan.array(&out) || !scan.at_end()) return false;
  out.placeholders = scan.placeholders();
  if (scan.bad_placeholder()) out.placeholders = max_number_of_placeholder + 1;  // none has so many
  return true;
}

bool is_object(std::string_view text) {
  scanner scan(text);
  scan.skip_space();
  return scan.peek() == '{' && scan.object() && scan.at_end();
}

std::int64_t placeholder_of(std::string_view value) {
  scanner scan(value);
  scan.skip_space();
  if (scan.peek() != '{' || !scan.object()) return -1;
  return scan.last_placeholder();
}

}  // namespace oficio::realtime
