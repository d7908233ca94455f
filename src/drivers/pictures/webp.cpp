#include "drivers/pictures/webp.hpp"

#include <cstdint>

namespace oficio::pictures {
namespace {

// Of the flags in VP8X, which says what the file has.
constexpr unsigned char metadata_flags = 0x20 | 0x08 | 0x04;  // ICC profile, EXIF, XMP

std::uint32_t little_endian(std::string_view four) {
  std::uint32_t out = 0;
  for (std::size_t i = 4; i-- > 0;) out = out << 8U | static_cast<unsigned char>(four[i]);
  return out;
}

std::string as_little_endian(std::size_t number) {
  std::string out;
  for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift);
  return out;
}

bool is_metadata(std::string_view name) {
  return name == "EXIF" || name == "XMP " || name == "ICCP";
}

}  // namespace

std::string without_metadata(std::string_view webp) {
  if (webp.size() < 12 || webp.substr(0, 4) != "RIFF" || webp.substr(8, 4) != "WEBP") return {};
  std::string chunks;
  for (auto rest = webp.substr(12); rest.size() >= 8;) {
    auto name = rest.substr(0, 4);
    std::size_t size = 8 + std::size_t{little_endian(rest.substr(4, 4))};
    size += size % 2;  // padded to even
    if (size > rest.size()) return {};
    if (!is_metadata(name)) {
      auto start = chunks.size();
      chunks += rest.substr(0, size);
      if (name == "VP8X" && size > 8) {
        auto flags = static_cast<unsigned char>(chunks[start + 8]);
        chunks[start + 8] = static_cast<char>(flags & static_cast<unsigned>(~metadata_flags));
      }
    }
    rest.remove_prefix(size);
  }
  return "RIFF" + as_little_endian(chunks.size() + 4) + "WEBP" + chunks;
}

}  // namespace oficio::pictures
