#include <algorithm>
#include <array>
#include <cstdint>

#include "platform/pictures/formats.hpp"

namespace oficio::pictures {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t header_size = 12;  // RIFF, size, WEBP
constexpr auto kept = std::to_array({"VP8 "sv, "VP8L"sv, "VP8X"sv, "ALPH"sv, "ANIM"sv, "ANMF"sv});

// Of the flags in VP8X, which says what the file has.
constexpr unsigned profile_flag = 0x20;
constexpr unsigned exif_flag = 0x08;
constexpr unsigned xmp_flag = 0x04;

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 4; i-- > 0;) out = out << 8U | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

std::string as_number(std::size_t number) {
  std::string out;
  for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift);
  return out;
}

// Sets the flags to what is left.
void tell(std::string& chunks, std::size_t at, profile colours, bool exif) {
  auto gone = xmp_flag | exif_flag | (colours == profile::goes ? profile_flag : 0U);
  auto flags = (static_cast<unsigned char>(chunks[at]) & ~gone) | (exif ? exif_flag : 0U);
  chunks[at] = static_cast<char>(flags);
}

}  // namespace

std::optional<std::string> bare_webp(std::string_view file, profile colours) {
  if (file.size() < header_size || file.substr(8, 4) != "WEBP") return std::nullopt;
  std::size_t size = number_at(file, 4);
  if (size < 4 || size > file.size() - 8) return std::nullopt;
  std::string chunks;
  chunks.reserve(size);
  std::string turned;
  std::optional<std::size_t> flags;
  for (auto rest = file.substr(header_size, size - 4); rest.size() >= 8;) {
    auto name = rest.substr(0, 4);
    std::size_t length = number_at(rest, 4);
    if (length > rest.size() - 8) return std::nullopt;
    auto content = rest.substr(8, length);
    auto whole = rest.substr(0, std::min(8 + length + length % 2, rest.size()));  // padded to even
    if (name == "EXIF") turned = exif_with(side_up(content));
    if (name == "VP8X" && !content.empty()) flags = chunks.size() + 8;
    bool is_profile = name == "ICCP" && colours == profile::stays;
    if (is_profile || std::ranges::find(kept, name) != kept.end()) {
      chunks += whole;
      if (whole.size() % 2 == 1) chunks += '\0';
    }
    rest.remove_prefix(whole.size());
  }
  if (chunks.empty()) return std::nullopt;
  bool exif = flags && !turned.empty();
  if (flags) tell(chunks, *flags, colours, exif);
  if (exif) chunks += "EXIF" + as_number(turned.size()) + turned;
  return "RIFF" + as_number(chunks.size() + 4) + "WEBP" + chunks;
}

}  // namespace oficio::pictures
