#include "picture_samples.hpp"

#include <array>
#include <cstring>
#include <stdexcept>

#include <dlfcn.h>
#include <zlib.h>

#include "drivers/pictures/library.hpp"

namespace oficio::pictures::samples {
namespace {

template <class Function>
Function find(const char* name, Function) {
  vips_library::loaded();
  static void* in = dlopen("libvips.so.42", RTLD_NOW | RTLD_NOLOAD);
  auto found = reinterpret_cast<Function>(dlsym(in, name));
  if (!found) throw std::runtime_error(name);
  return found;
}
#define OFICIO_VIPS(name) find(#name, &name)

std::string big_endian(unsigned number) {
  return {static_cast<char>(number >> 24U), static_cast<char>(number >> 16U),
          static_cast<char>(number >> 8U), static_cast<char>(number)};
}

std::string png_chunk(const std::string& type, const std::string& data) {
  std::string body = type + data;
  auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(static_cast<unsigned>(data.size())) + body +
         big_endian(static_cast<unsigned>(sum));
}

}  // namespace

std::string make(int width, int height, const std::string& save, int bands, int side_up) {
  std::string pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                         static_cast<std::size_t>(bands),
                     '\0');
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    auto at = i / static_cast<std::size_t>(bands);
    auto x = at % static_cast<std::size_t>(width);
    auto y = at / static_cast<std::size_t>(width);
    pixels[i] = static_cast<char>((x + y * (i % static_cast<std::size_t>(bands) + 1)) / 2);
  }
  auto* plain = OFICIO_VIPS(vips_image_new_from_memory_copy)(pixels.data(), pixels.size(), width,
                                                             height, bands, VIPS_FORMAT_UCHAR);
  VipsImage* coloured = nullptr;
  OFICIO_VIPS(vips_copy)(plain, &coloured, "interpretation", VIPS_INTERPRETATION_sRGB, nullptr);
  // A camera's words, and a way to lie: both must go.
  OFICIO_VIPS(vips_image_set_string)(coloured, "exif-ifd3-GPSAreaInformation", "my home");
  OFICIO_VIPS(vips_image_set_int)(coloured, "orientation", side_up);
  void* out = nullptr;
  std::size_t size = 0;
  if (OFICIO_VIPS(vips_image_write_to_buffer)(coloured, save.c_str(), &out, &size, nullptr) != 0) {
    throw std::runtime_error(OFICIO_VIPS(vips_error_buffer)());
  }
  std::string bytes(static_cast<const char*>(out), size);
  vips_library::loaded().free(out);
  vips_library::loaded().object_unref(coloured);
  vips_library::loaded().object_unref(plain);
  return bytes;
}

std::string png_bomb(unsigned width, unsigned height) {
  std::array<char, 5> kind{8, 2, 0, 0, 0};  // 8 bits, RGB
  std::string zeros(1'000, '\0');
  std::array<Bytef, 1'000> packed{};
  uLongf size = packed.size();
  compress(packed.data(), &size, reinterpret_cast<const Bytef*>(zeros.data()),
           static_cast<uLong>(zeros.size()));
  return "\x89PNG\r\n\x1a\n" +
         png_chunk("IHDR",
                   big_endian(width) + big_endian(height) + std::string(kind.data(), kind.size())) +
         png_chunk("IDAT", {reinterpret_cast<const char*>(packed.data()), size}) +
         png_chunk("IEND", "");
}

std::string form_with(const std::string& bytes, const std::string& file_name,
                      const std::string& field) {
  return "------form7MA4YWxk\r\nContent-Disposition: form-data; name=\"" + field +
         "\"; filename=\"" + file_name + "\"\r\nContent-Type: application/octet-stream\r\n\r\n" +
         bytes + "\r\n------form7MA4YWxk--\r\n";
}

seen look(const std::string& bytes) {
  const auto& v = vips_library::loaded();
  auto* image = v.image_new_from_buffer(bytes.data(), bytes.size(), "", nullptr);
  if (!image) throw std::runtime_error("not a picture");
  seen out{v.image_get_width(image), v.image_get_height(image), false, 1};
  for (const auto* name : {VIPS_META_EXIF_NAME, VIPS_META_XMP_NAME, VIPS_META_ICC_NAME}) {
    out.has_metadata = out.has_metadata || v.image_get_typeof(image, name) != 0;
  }
  if (v.image_get_typeof(image, "orientation") != 0) {
    v.image_get_int(image, "orientation", &out.side_up);
  }
  v.object_unref(image);
  return out;
}

std::string pixels_of(const std::string& bytes) {
  const auto& v = vips_library::loaded();
  auto* image = v.image_new_from_buffer(bytes.data(), bytes.size(), "", nullptr);
  std::size_t size = 0;
  auto* data = image ? OFICIO_VIPS(vips_image_write_to_memory)(image, &size) : nullptr;
  if (!data) throw std::runtime_error("not a picture");
  std::string out(static_cast<const char*>(data), size);
  v.free(data);
  v.object_unref(image);
  return out;
}

}  // namespace oficio::pictures::samples
