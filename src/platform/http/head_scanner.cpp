#include "platform/http/head_scanner.hpp"

#include <array>

namespace oficio::http::detail {
namespace {

enum kind : unsigned char { control, token, other };

constexpr std::array<kind, 256> make_kinds() {
  std::array<kind, 256> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = (i < 0x20 && i != '\t') || i == 0x7f ? control : other;
  }
  for (char c : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    out[static_cast<unsigned char>(c)] = token;
  }
  return out;
}

constexpr auto kinds = make_kinds();

kind kind_of(char c) {
  return kinds[static_cast<unsigned char>(c)];
}

}  // namespace

head_scanner::verdict head_scanner::scan(std::string_view all) {
  while (at_ < all.size()) {
    auto found = step(all[at_++]);
    if (found != verdict::more) return found;
    if (at_ - begin_ >= max_bytes_) {
      return lines_ == 0 ? verdict::target_too_long : verdict::too_large;
    }
  }
  return verdict::more;
}

head_scanner::verdict head_scanner::step(char c) {
  if (after_cr_) {
    after_cr_ = false;
    return c == '\n' ? end_line() : verdict::malformed;
  }
  if (c == '\r') {
    if (in_name_ && line_size_ > 0) return verdict::malformed;  // a line without a colon
    after_cr_ = true;
    return verdict::more;
  }
  auto is = kind_of(c);
  if (is == control) return verdict::malformed;
  if (line_size_ == 0 && is != token)
    return verdict::malformed;  // a folded line, or no HTTP at all
  ++line_size_;
  if (in_name_ && is != token) {
    if (c != ':') return verdict::malformed;
    in_name_ = false;
  }
  return lines_ == 0 && line_size_ > max_line_ ? verdict::target_too_long : verdict::more;
}

head_scanner::verdict head_scanner::end_line() {
  if (line_size_ == 0) {
    if (lines_ > 0) return verdict::complete;
    if (begin_ > 0) return verdict::malformed;
    begin_ = at_;
    return verdict::more;
  }
  line_size_ = 0;
  in_name_ = true;
  ++lines_;
  return lines_ > max_fields_ + 1 ? verdict::too_many_fields : verdict::more;
}

}  // namespace oficio::http::detail
