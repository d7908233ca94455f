#include "drivers/pictures/vips.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <malloc.h>

#include "drivers/pictures/library.hpp"
#include "platform/pictures/bare.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::pictures {
namespace {

constexpr int quality = 80;
constexpr int effort = 2;  // of 6: a third of the time for two percent of the size
// What a picture that must be decoded as a whole may take, in bytes.
constexpr std::int64_t max_decoded = 64'000'000;

error broken() {
  return {errc::invalid, "broken_picture",
          "The picture cannot be read: it is damaged, or not what it seems to be."};
}

error too_large() {
  return {
      errc::invalid, "picture_too_large",
      "The picture has too many pixels: at most 25 million are taken (16 million of WebP and of "
      "interlaced ones), and 16384 to a side."};
}

struct unref {
  const vips_library* v;
  void operator()(VipsImage* image) const { v->object_unref(image); }
};
using image = std::unique_ptr<VipsImage, unref>;

// Forgets what libvips keeps for a thread and for the last error.
class session {
 public:
  explicit session(const vips_library& v) : v_(v) {}
  ~session() {
    v_.error_clear();
    v_.thread_shutdown();
    malloc_trim(0);  // or each large picture would leave the process larger
  }
  session(const session&) = delete;
  session& operator=(const session&) = delete;

 private:
  const vips_library& v_;
};

bool is_known_loader(std::string_view name) {
  constexpr std::array<std::string_view, 3> known{"pngload_buffer", "jpegload_buffer",
                                                  "webpload_buffer"};
  return std::ranges::find(known, name) != known.end();
}

// Opens the picture, which reads its header alone.
result<image> open(const vips_library& v, std::string_view bytes) {
  image opened(v.image_new_from_buffer(bytes.data(), bytes.size(), "", "access",
                                       VIPS_ACCESS_SEQUENTIAL, nullptr),
               unref{&v});
  const char* loader = nullptr;
  if (!opened || v.image_get_string(opened.get(), VIPS_META_LOADER, &loader) != 0 ||
      !is_known_loader(loader)) {
    return broken();
  }
  return opened;
}

// Other pictures are decoded line by line.
bool is_decoded_whole(const vips_library& v, VipsImage* of) {
  const char* loader = "";
  if (v.image_get_string(of, VIPS_META_LOADER, &loader) == 0 &&
      std::string_view(loader).starts_with("webp")) {
    return true;
  }
  int interlaced = 0;
  return v.image_get_typeof(of, "interlaced") != 0 &&
         v.image_get_int(of, "interlaced", &interlaced) == 0 && interlaced != 0;
}

result<extent> measured(const vips_library& v, std::string_view bytes) {
  TRY(auto opened, open(v, bytes));
  extent e{v.image_get_width(opened.get()), v.image_get_height(opened.get())};
  auto pixels = std::int64_t{e.width} * e.height;
  if (e.width > studio::max_side || e.height > studio::max_side || pixels > studio::max_pixels) {
    return too_large();
  }
  auto pixel_size = static_cast<std::int64_t>(v.format_sizeof(v.image_get_format(opened.get()))) *
                    v.image_get_bands(opened.get());
  if (is_decoded_whole(v, opened.get()) && pixels * pixel_size > max_decoded) return too_large();
  return e;
}

// Reads every pixel once: what draws below paints over what cannot be read, and says nothing.
result<void> check_whole(const vips_library& v, std::string_view bytes) {
  image opened(
      v.image_new_from_buffer(bytes.data(), bytes.size(), "", "access", VIPS_ACCESS_SEQUENTIAL,
                              "fail-on", VIPS_FAIL_ON_TRUNCATED, nullptr),
      unref{&v});
  double unused = 0;
  if (!opened || v.avg(opened.get(), &unused, nullptr) != 0) return broken();
  return {};
}

VipsSize size_of(const form& f) {
  return f.square ? VIPS_SIZE_BOTH : VIPS_SIZE_DOWN;
}

VipsInteresting crop_of(const form& f) {
  return f.square ? VIPS_INTERESTING_CENTRE : VIPS_INTERESTING_NONE;
}

// The picture in a form, in memory: whatever is made of it reads the file no more.
result<image> shrunk(const vips_library& v, std::string_view bytes, const form& f) {
  VipsImage* made = nullptr;
  void* data = const_cast<char*>(bytes.data());  // vips only reads it
  int failed =
      v.thumbnail_buffer(data, bytes.size(), &made, f.side, "height", f.side, "size", size_of(f),
                         "crop", crop_of(f), "export-profile", "srgb", nullptr);
  if (failed != 0) return broken();
  image lazy(made, unref{&v});
  image out(v.image_copy_memory(made), unref{&v});
  if (!out) return broken();
  return out;
}

result<image> shrunk_again(const vips_library& v, VipsImage* from, const form& f) {
  VipsImage* made = nullptr;
  int failed = v.thumbnail_image(from, &made, f.side, "height", f.side, "size", size_of(f), "crop",
                                 crop_of(f), nullptr);
  if (failed != 0) return broken();
  return image(made, unref{&v});
}

result<picture> written(const vips_library& v, VipsImage* drawn) {
  void* bytes = nullptr;
  std::size_t size = 0;
  if (v.webpsave_buffer(drawn, &bytes, &size, "Q", quality, "effort", effort, nullptr) != 0) {
    return broken();
  }
  // libvips 8.14 writes metadata even when it is told not to. The profile is sRGB, as anywhere.
  auto kept = bare({static_cast<const char*>(bytes), size}, profile::goes);
  v.free(bytes);
  if (!kept) return broken();
  return picture{"image/webp", *std::move(kept), v.image_get_width(drawn),
                 v.image_get_height(drawn)};
}

result<std::vector<picture>> drawn(const vips_library& v, std::string_view bytes,
                                   const std::vector<form>& forms) {
  TRY_VOID(measured(v, bytes));
  TRY_VOID(check_whole(v, bytes));
  TRY(auto first, shrunk(v, bytes, forms.front()));
  std::vector<picture> out;
  TRY(auto largest, written(v, first.get()));
  out.push_back(std::move(largest));
  for (std::size_t i = 1; i < forms.size(); ++i) {
    TRY(auto next, shrunk_again(v, first.get(), forms[i]));
    TRY(auto smaller, written(v, next.get()));
    out.push_back(std::move(smaller));
  }
  return out;
}

class vips_studio final : public studio {
 public:
  awaitable<result<extent>> measure(const context& ctx, shared_bytes file) override {
    co_return co_await on_thread<extent>(
        ctx, [file = std::move(file)](const vips_library& v) { return measured(v, file.part); });
  }

  awaitable<result<std::vector<picture>>> draw(const context& ctx, shared_bytes file,
                                               std::vector<form> forms) override {
    co_return co_await on_thread<std::vector<picture>>(
        ctx, [file = std::move(file), forms = std::move(forms)](const vips_library& v) {
          return drawn(v, file.part, forms);
        });
  }

 private:
  template <class T, class Work>
  awaitable<result<T>> on_thread(const context& ctx, Work work) {
    co_return co_await thread_.run(ctx, [work = std::move(work)]() -> result<T> {
      const vips_library* v = nullptr;
      try {
        v = &vips_library::loaded();
      } catch (const std::runtime_error& e) {
        return error{errc::internal, "pictures_unavailable", e.what()};
      }
      session here(*v);
      return work(*v);
    });
  }

  runtime::blocking_pool thread_{"pictures", 1, 16};
};

}  // namespace

std::unique_ptr<studio> make_vips_studio() {
  return std::make_unique<vips_studio>();
}

}  // namespace oficio::pictures
