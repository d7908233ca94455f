#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/time.hpp"

namespace oficio::blobs {

enum class blob_state {
  writing,  // its bytes are not all there yet
  kept,
  going  // its bytes are being deleted
};
BOOST_DESCRIBE_ENUM(blob_state, writing, kept, going)

// One form of a blob's bytes: "" is the blob as such, others are made of it ("small").
struct variant {
  std::string name;
  std::int64_t size = 0;  // bytes
  std::string digest;     // SHA-256, hex
};
BOOST_DESCRIBE_STRUCT(variant, (), (name, size, digest))

// What is known of bytes. A blob lives for a day; for longer only while it is bound to something
// that uses it.
struct blob {
  std::string id;
  std::string owner;       // account id
  std::string name;        // for people
  std::string type;        // media type
  std::int64_t width = 0;  // of a picture, in pixels
  std::int64_t height = 0;
  std::vector<variant> variants;  // the first is the blob as such
  std::string bound_to;           // id of what uses it; empty for none
  blob_state state = blob_state::writing;
  std::optional<time_point> due_at;      // then it goes, unless it is in use; none: it is in use
  std::optional<time_point> claimed_at;  // when it was bound
  time_point created_at;

  const variant* find(std::string_view name) const;
};
BOOST_DESCRIBE_STRUCT(blob, (),
                      (id, owner, name, type, width, height, variants, bound_to, state, due_at,
                       claimed_at, created_at))

}  // namespace oficio::blobs
