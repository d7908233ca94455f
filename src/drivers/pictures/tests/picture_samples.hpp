#pragma once

#include <string>

namespace oficio::pictures::samples {

// A picture of that size with something to see in it; `save` is how libvips calls the format and
// its options: ".png", ".jpg[Q=90]", ".webp".
// `side_up` is what the camera notes of how it was held (1 to 8).
std::string make(int width, int height, const std::string& save, int bands = 3, int side_up = 1);

// A PNG of a few hundred bytes whose header says that it is that large.
std::string png_bomb(unsigned width, unsigned height);

// What libvips reads back.
struct seen {
  int width = 0;
  int height = 0;
  bool has_metadata = false;  // EXIF, XMP or a colour profile
  int side_up = 1;
};
seen look(const std::string& bytes);

// Its pixels, one after another.
std::string pixels_of(const std::string& bytes);

// A form with one file, as a browser sends it, and its Content-Type.
std::string form_with(const std::string& bytes, const std::string& file_name = "a.png",
                      const std::string& field = "file");
inline constexpr auto form_type = "multipart/form-data; boundary=----form7MA4YWxk";

}  // namespace oficio::pictures::samples
