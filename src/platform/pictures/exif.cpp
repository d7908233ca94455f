#include <cstdint>

#include "platform/pictures/formats.hpp"

namespace oficio::pictures {
namespace {

using namespace std::string_view_literals;

constexpr auto mark = "Exif\0\0"sv;
constexpr std::uint32_t orientation_tag = 0x0112;
constexpr std::uint32_t short_type = 3;
constexpr std::size_t entry_size = 12;

// Numbers of a TIFF file, in its own order of bytes; what lies behind the end is 0.
struct tiff {
  std::string_view bytes;
  bool little = false;

  std::uint32_t number(std::size_t at, std::size_t size) const {
    if (at > bytes.size() || bytes.size() - at < size) return 0;
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < size; ++i) {
      auto byte = static_cast<unsigned char>(bytes[at + (little ? size - 1 - i : i)]);
      out = out << 8U | byte;
    }
    return out;
  }
};

}  // namespace

unsigned side_up(std::string_view exif) {
  if (exif.starts_with(mark)) exif.remove_prefix(mark.size());
  bool little = exif.starts_with("II*\0"sv);
  if (!little && !exif.starts_with("MM\0*"sv)) return 0;
  tiff in{exif, little};
  std::size_t at = in.number(4, 4);
  auto entries = in.number(at, 2);
  at += 2;
  for (std::uint32_t i = 0; i < entries && at + entry_size <= exif.size(); ++i, at += entry_size) {
    if (in.number(at, 2) != orientation_tag) continue;
    auto side = in.number(at + 8, 2);
    return in.number(at + 2, 2) == short_type && side >= 1 && side <= 8 ? side : 0;
  }
  return 0;
}

std::string exif_with(unsigned side_up) {
  if (side_up < 2 || side_up > 8) return {};  // 1 is what everybody takes for granted
  std::string out("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"sv);
  out += static_cast<char>(side_up);
  out.append(7, '\0');  // the rest of the value, and no other directory
  return out;
}

}  // namespace oficio::pictures
