#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::pictures {

// Bytes that live as long as somebody looks at them: a part of a whole.
struct shared_bytes {
  std::shared_ptr<const std::string> whole;
  std::string_view part;
};

// How a picture is wanted.
struct form {
  int side = 0;         // pixels: at most that wide and that high; never enlarged
  bool square = false;  // exactly that wide and high, cut from the middle; enlarged if need be
};

struct picture {
  std::string type;  // media type
  std::string bytes;
  int width = 0;  // pixels
  int height = 0;
};

struct extent {
  int width = 0;  // pixels
  int height = 0;
};

// Makes pictures of what people send: PNG, JPEG and WebP, nothing else. What comes out is drawn
// anew: upright, in sRGB, without metadata and without anything that was hidden in the file.
// Errors of both: invalid `broken_picture`, invalid `picture_too_large` (too many pixels, told by
// its header, before anything is decoded), unavailable `overloaded` or `pictures_unavailable`,
// timeout.
class studio {
 public:
  static constexpr int max_side = 16'384;  // pixels
  static constexpr std::int64_t max_pixels = 25'000'000;

  virtual ~studio() = default;

  // How large it is, from its header alone; what follows may be broken.
  virtual awaitable<result<extent>> measure(const context& ctx, shared_bytes file) = 0;
  // The picture in each of the forms, in their order. The others are made of the first, so that is
  // the largest.
  virtual awaitable<result<std::vector<picture>>> draw(const context& ctx, shared_bytes file,
                                                       std::vector<form> forms) = 0;
};

}  // namespace oficio::pictures
