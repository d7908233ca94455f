#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace oficio {

// What kind of failure an operation met. The HTTP status follows from it in one place
// (platform/http/problem.cpp); drivers and use cases never name a status.
enum class errc {
  bad_request,       // 400: cannot be read at all
  unauthorized,      // 401: nobody, or a token that does not hold
  payment_required,  // 402: the payment was refused
  forbidden,         // 403: known, but not theirs
  not_found,         // 404: not there, or not for their eyes
  conflict,          // 409: right request, wrong state
  stale,             // 412: they edited an older revision
  too_large,         // 413
  unsupported,       // 415
  invalid,           // 422: well-formed, but the values are wrong
  too_many,          // 429: over a limit; retry_after says when
  internal,          // 500: a bug or a broken environment
  bad_upstream,      // 502: a server behind us answered nonsense
  unavailable,       // 503: overloaded or a server is away; retry_after says when
  timeout            // 504: the deadline passed
};

// What a value had to keep to, in its own unit: characters of a text, entries of a list, minor
// units of an amount.
struct bounds {
  std::optional<std::int64_t> min = {};
  std::optional<std::int64_t> max = {};

  friend bool operator==(const bounds&, const bounds&) = default;
};

// One thing that is wrong with an input. `pointer` is an RFC 6901 JSON pointer into the body, or
// "?name" for a query parameter; `code` is stable, `message` is for people, `broken` tells clients
// the numbers that the message names.
struct violation {
  std::string pointer;
  std::string code;
  std::string message;
  bounds broken = {};
};

// A failure that a caller can act on. `code` is a stable slug that clients rely on (card_declined);
// `detail` is a sentence for people and must never carry a secret.
struct error {
  errc kind = errc::internal;
  std::string code;
  std::string detail;
  std::vector<violation> violations = {};
  std::chrono::seconds retry_after{0};
};

// What result<T>::value() throws when it holds an error; a caller that did not check has a bug.
class unchecked_error : public std::runtime_error {
 public:
  explicit unchecked_error(const error& e) : std::runtime_error(e.code + ": " + e.detail) {}
};

// Found by argument-dependent look-up from boost::system::result.
[[noreturn]] inline void throw_exception_from_error(const error& e, const auto& /*location*/) {
  throw unchecked_error(e);
}

inline error invalid(std::vector<violation> violations) {
  return {errc::invalid, "validation_failed", "Some values are not acceptable.",
          std::move(violations)};
}

inline error not_found(std::string what) {
  return {errc::not_found, "not_found", std::move(what) + " was not found."};
}

}  // namespace oficio
