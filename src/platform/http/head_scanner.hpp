#pragma once

#include <cstddef>
#include <string_view>

namespace oficio::http::detail {

// Looks at the bytes of a request's line and header as they arrive, before any parser does, and
// takes only what all servers read alike: lines that end with CRLF, no control characters, no
// folded lines, no space around a field's name. What is wrong is known at its first byte, not when
// the peer has finished (or never does).
class head_scanner {
 public:
  enum class verdict { more, complete, malformed, target_too_long, too_large, too_many_fields };

  head_scanner(std::size_t max_bytes, std::size_t max_target, std::size_t max_fields)
      : max_bytes_(max_bytes), max_line_(max_target + 32), max_fields_(max_fields) {}

  // `all` is everything that has arrived so far; what was seen before is not looked at again.
  verdict scan(std::string_view all);

  // With `complete`: where the head begins (behind one empty line, which old clients send) and
  // ends.
  std::size_t begin() const { return begin_; }
  std::size_t end() const { return at_; }
  // True if any byte of a request has arrived.
  bool begun() const { return at_ > begin_; }

 private:
  verdict step(char c);
  verdict end_line();

  const std::size_t max_bytes_;
  const std::size_t max_line_;  // of the request's line: method, target and version
  const std::size_t max_fields_;
  std::size_t begin_ = 0;
  std::size_t at_ = 0;
  std::size_t line_size_ = 0;  // of the line so far, without its end
  std::size_t lines_ = 0;      // complete ones
  bool in_name_ = false;       // of a field
  bool after_cr_ = false;
};

}  // namespace oficio::http::detail
