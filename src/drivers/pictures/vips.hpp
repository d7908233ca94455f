#pragma once

#include <memory>

#include "platform/pictures/studio.hpp"

namespace oficio::pictures {

// Pictures by libvips, written as WebP. One at a time, on a thread of its own, so that its memory
// has a bound (about 150 MB at worst, while a picture of the largest size is drawn); at most 16
// more wait.
std::unique_ptr<studio> make_vips_studio();

}  // namespace oficio::pictures
