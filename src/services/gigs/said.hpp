#pragma once

#include <vector>

#include "platform/http/body.hpp"
#include "platform/json/json.hpp"

namespace oficio::gigs {

// What a client sent, as far as it can be read, and what is wrong with its shape: the rules are
// then told in the same answer.
template <class T>
struct said {
  T value;
  std::vector<violation> wrong;
};

// Errors: unsupported `unsupported_media_type`; bad_request `malformed_json`.
template <class T>
result<said<T>> read_said(const http::request& r) {
  TRY_VOID(http::expect_json(r));
  TRY(auto parsed, json::parse(r.body));
  said<T> out;
  json::reader in(json::unknown_fields::refuse);
  json::codec<T>::read(parsed, out.value, in);
  out.wrong = in.take();
  return out;
}

// The shape's violations and those of the rules, without what the rules say of values that could
// not be read.
std::vector<violation> together(const std::vector<violation>& shape, std::vector<violation> rules);

}  // namespace oficio::gigs
