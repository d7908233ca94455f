#pragma once

#include "platform/pictures/bare.hpp"

// The formats that bare() takes apart: a file whose first bytes say that it is one.
namespace oficio::pictures {

std::optional<std::string> bare_jpeg(std::string_view file, profile colours);
std::optional<std::string> bare_png(std::string_view file, profile colours);
std::optional<std::string> bare_webp(std::string_view file, profile colours);

// Which side of the picture is up (1 to 8, as a camera notes it), by EXIF data, with or without the
// mark in front; 0 if they do not say.
unsigned side_up(std::string_view exif);
// The least EXIF data that say so, without the mark. Empty where nothing needs to be turned.
std::string exif_with(unsigned side_up);

}  // namespace oficio::pictures
