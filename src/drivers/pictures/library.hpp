#pragma once

#include <vips/vips.h>

namespace oficio::pictures {

// The functions of libvips that are used, found when the first picture comes. Linked the usual way,
// its hundred libraries would make every start of the program slower and larger.
struct vips_library {
  decltype(&vips_init) init;
  decltype(&vips_concurrency_set) concurrency_set;
  decltype(&vips_cache_set_max) cache_set_max;
  decltype(&vips_operation_block_set) operation_block_set;
  decltype(&vips_block_untrusted_set) block_untrusted_set;
  decltype(&vips_image_new_from_buffer) image_new_from_buffer;
  decltype(&vips_image_get_string) image_get_string;
  decltype(&vips_image_get_typeof) image_get_typeof;
  decltype(&vips_image_get_int) image_get_int;
  decltype(&vips_image_get_width) image_get_width;
  decltype(&vips_image_get_height) image_get_height;
  decltype(&vips_image_get_bands) image_get_bands;
  decltype(&vips_image_get_format) image_get_format;
  decltype(&vips_format_sizeof) format_sizeof;
  decltype(&vips_thumbnail_buffer) thumbnail_buffer;
  decltype(&vips_thumbnail_image) thumbnail_image;
  decltype(&vips_image_copy_memory) image_copy_memory;
  decltype(&vips_avg) avg;
  decltype(&vips_webpsave_buffer) webpsave_buffer;
  decltype(&vips_error_clear) error_clear;
  decltype(&vips_thread_shutdown) thread_shutdown;
  decltype(&g_object_unref) object_unref;
  decltype(&g_free) free;
  decltype(&g_log_set_handler) log_set_handler;

  // Loads and starts the library, once in a process; it stays. Only PNG, JPEG and WebP can be read
  // afterwards. Throws std::runtime_error if that is not possible; the next call tries again.
  static const vips_library& loaded();
};

}  // namespace oficio::pictures
