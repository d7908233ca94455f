// Pictures whose metadata are taken out: refused, or a file that is no longer than it was but for
// the note of which side is up, that is a picture again, and of which nothing more can be taken.
#include "fuzz/must.hpp"
#include "platform/pictures/bare.hpp"

namespace oficio::fuzz {

constexpr std::size_t longest_note = 64;  // the least EXIF data, with what is around them

void run(std::string_view bytes) {
  for (auto colours : {pictures::profile::stays, pictures::profile::goes}) {
    auto once = pictures::bare(bytes, colours);
    if (!once) continue;
    must(once->size() <= bytes.size() + longest_note);
    auto twice = pictures::bare(*once, colours);
    must(twice.has_value());
    must(*twice == *once);
  }
}

}  // namespace oficio::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  oficio::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
