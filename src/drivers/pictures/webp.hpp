#pragma once

#include <string>
#include <string_view>

namespace oficio::pictures {

// A WebP file without its EXIF, XMP and ICCP chunks, which libvips 8.14 writes even when it is told
// not to. Empty if it is no WebP file.
std::string without_metadata(std::string_view webp);

}  // namespace oficio::pictures
