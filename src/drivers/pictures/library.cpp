#include "drivers/pictures/library.hpp"

#include <stdexcept>
#include <string>

#include <dlfcn.h>

namespace oficio::pictures {
namespace {

template <class Function>
void find(void* in, const char* name, Function& out) {
  void* found = dlsym(in, name);
  if (!found) throw std::runtime_error(std::string("libvips has no ") + name);
  out = reinterpret_cast<Function>(found);
}

vips_library load() {
  constexpr auto name = "libvips.so.42";
  // Never closed: what it registers with GLib cannot be taken back.
  void* in = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!in) {
    const char* why = dlerror();
    throw std::runtime_error(std::string("cannot load ") + name + ": " + (why ? why : ""));
  }
  vips_library v{};
  find(in, "vips_init", v.init);
  find(in, "vips_concurrency_set", v.concurrency_set);
  find(in, "vips_cache_set_max", v.cache_set_max);
  find(in, "vips_operation_block_set", v.operation_block_set);
  find(in, "vips_block_untrusted_set", v.block_untrusted_set);
  find(in, "vips_image_new_from_buffer", v.image_new_from_buffer);
  find(in, "vips_image_get_string", v.image_get_string);
  find(in, "vips_image_get_typeof", v.image_get_typeof);
  find(in, "vips_image_get_int", v.image_get_int);
  find(in, "vips_image_get_width", v.image_get_width);
  find(in, "vips_image_get_height", v.image_get_height);
  find(in, "vips_image_get_bands", v.image_get_bands);
  find(in, "vips_image_get_format", v.image_get_format);
  find(in, "vips_format_sizeof", v.format_sizeof);
  find(in, "vips_thumbnail_buffer", v.thumbnail_buffer);
  find(in, "vips_thumbnail_image", v.thumbnail_image);
  find(in, "vips_image_copy_memory", v.image_copy_memory);
  find(in, "vips_avg", v.avg);
  find(in, "vips_webpsave_buffer", v.webpsave_buffer);
  find(in, "vips_error_clear", v.error_clear);
  find(in, "vips_thread_shutdown", v.thread_shutdown);
  find(in, "g_object_unref", v.object_unref);
  find(in, "g_free", v.free);
  find(in, "g_log_set_handler", v.log_set_handler);
  return v;
}

vips_library started() {
  auto v = load();
  // A broken picture makes a line for each of its rows, which whoever sent it wants in our log.
  v.log_set_handler("VIPS", G_LOG_LEVEL_MASK, [](auto...) {}, nullptr);
  if (v.init("oficio") != 0) throw std::runtime_error("libvips cannot be started");
  v.concurrency_set(1);
  v.cache_set_max(0);
  v.operation_block_set("VipsForeignLoad", TRUE);
  for (const auto* loader : {"VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadWebp"}) {
    v.operation_block_set(loader, FALSE);
  }
  v.block_untrusted_set(TRUE);
  return v;
}

}  // namespace

const vips_library& vips_library::loaded() {
  static const vips_library one = started();
  return one;
}

}  // namespace oficio::pictures
