#include <algorithm>
#include <array>
#include <cstdint>

#include "platform/pictures/formats.hpp"

namespace oficio::pictures {
namespace {

using namespace std::string_view_literals;

constexpr auto signature = "\x89PNG\r\n\x1a\n"sv;
constexpr std::size_t around = 12;  // length, name and checksum of a chunk
constexpr auto kept = std::to_array({"IHDR"sv, "PLTE"sv, "IDAT"sv, "IEND"sv, "tRNS"sv, "gAMA"sv,
                                     "cHRM"sv, "sRGB"sv, "cICP"sv, "mDCV"sv, "cLLI"sv, "sBIT"sv,
                                     "bKGD"sv, "pHYs"sv, "acTL"sv, "fcTL"sv, "fdAT"sv});

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8U | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

void add_number(std::string& to, std::uint32_t number) {
  for (unsigned shift = 32; shift > 0; shift -= 8) to += static_cast<char>(number >> (shift - 8));
}

// Bit by bit: it is for some thirty bytes.
std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t sum = ~0U;
  for (char c : bytes) {
    sum ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) sum = (sum & 1U) != 0 ? sum >> 1U ^ 0xedb88320U : sum >> 1U;
  }
  return ~sum;
}

void add_chunk(std::string& to, std::string_view name, std::string_view content) {
  add_number(to, static_cast<std::uint32_t>(content.size()));
  auto named = std::string(name).append(content);
  to += named;
  add_number(to, checksum(named));
}

struct chunk {
  std::string_view name;
  std::string_view content;
  std::string_view whole;
};

// The chunk at the front of `rest`, which is taken off; nothing if it is not all there.
std::optional<chunk> take(std::string_view& rest) {
  if (rest.size() < around) return std::nullopt;
  std::size_t size = number_at(rest, 0);
  if (size > rest.size() - around) return std::nullopt;
  chunk out{rest.substr(4, 4), rest.substr(8, size), rest.substr(0, around + size)};
  rest.remove_prefix(around + size);
  return out;
}

}  // namespace

std::optional<std::string> bare_png(std::string_view file, profile colours) {
  if (!file.starts_with(signature)) return std::nullopt;
  std::string out(signature);
  out.reserve(file.size());
  unsigned side = 0;
  for (auto rest = file.substr(signature.size());;) {
    auto next = take(rest);
    if (!next) return std::nullopt;
    bool first = out.size() == signature.size();
    if (first != (next->name == "IHDR")) return std::nullopt;
    if (next->name == "eXIf") side = side_up(next->content);
    bool is_profile = next->name == "iCCP" && colours == profile::stays;
    if (next->name == "IEND") {
      // Some programs write theirs behind the pixels, so this is where it is known for sure.
      if (auto turned = exif_with(side); !turned.empty()) add_chunk(out, "eXIf", turned);
      return out.append(next->whole);
    }
    if (is_profile || std::ranges::find(kept, next->name) != kept.end()) out += next->whole;
  }
}

}  // namespace oficio::pictures
