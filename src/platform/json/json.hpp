#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.hpp"
#include "platform/json/codec.hpp"

namespace oficio::json {

// Text to JSON. Errors: bad_request `malformed_json` (not JSON, not UTF-8, or nested deeper than
// `max_depth`), with the byte offset in the detail. Its size is bounded by whoever read the text.
result<value> parse(std::string_view text, std::size_t max_depth = 16);

std::string to_text(const value& v);

// The error for a document that we wrote ourselves and cannot read any more.
error unreadable(std::vector<violation> why);

template <class T>
value to_value(const T& from) {
  return codec<T>::write(from);
}

template <class T>
std::string to_text(const T& from) {
  return to_text(to_value(from));
}

// A described struct from what a client sent: unknown members and missing ones are refused, and all
// that is wrong is told at once, each with its JSON pointer. If `check(const T&, violations&)` is
// declared beside T, the domain's own rules are told in the same answer.
// Errors: bad_request `malformed_json`; invalid `validation_failed`.
template <class T>
result<T> from_request_value(const value& parsed) {
  T out{};
  reader in(unknown_fields::refuse);
  codec<T>::read(parsed, out, in);
  if constexpr (requires(violations& v) { check(out, v); }) {
    violations found;
    check(out, found);
    in.add(std::move(found));
  }
  if (!in.ok()) return invalid(in.take());
  return out;
}

template <class T>
result<T> from_request(std::string_view body) {
  TRY(value parsed, parse(body));
  return from_request_value<T>(parsed);
}

// A described struct from our own store or another service's event: unknown members are ignored and
// missing ones keep their defaults, so that old and new versions can read each other.
// Errors: internal `unreadable_document`.
template <class T>
result<T> from_stored(const value& stored) {
  T out{};
  reader in(unknown_fields::ignore);
  codec<T>::read(stored, out, in);
  if (!in.ok()) return unreadable(in.take());
  return out;
}

}  // namespace oficio::json
