#pragma once

#include <string>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::http {

// A body that is sent while it is made, and read while it comes: news without an end in sight, or
// a file. With an answer that has Content-Length it has exactly that many bytes.
class body_stream {
 public:
  virtual ~body_stream() = default;

  // The next piece, of some kilobytes at most; an empty one is the orderly end. One call at a time,
  // and none after the end or an error. Errors: timeout `deadline_exceeded` (nothing came until
  // then), bad_upstream `bad_upstream` (broken off).
  virtual awaitable<result<std::string>> next(steady_time until) = 0;
};

}  // namespace oficio::http
