#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oficio::pictures {

// Whether the colour profile stays: without it colours that are not sRGB are shown wrongly.
enum class profile { stays, goes };

// The same picture (PNG, JPEG or WebP), pixel for pixel, without what its file tells besides:
// EXIF with place, camera and time, XMP, IPTC, comments, previews, and whatever is behind its end.
// What is needed to show it stays: colours, resolution, animation, and which side is up. Nothing if
// the file is damaged or something else. Work and memory: one pass and one copy of the file.
std::optional<std::string> bare(std::string_view file, profile colours = profile::stays);

}  // namespace oficio::pictures
