#include <cstring>

#include "platform/pictures/formats.hpp"

namespace oficio::pictures {
namespace {

using namespace std::literals;

// The second bytes of markers; the first is 0xff (ITU-T T.81, B.1).
constexpr unsigned char start = 0xd8;
constexpr unsigned char end = 0xd9;
constexpr unsigned char scan = 0xda;
constexpr unsigned char app0 = 0xe0;
constexpr unsigned char app1 = 0xe1;
constexpr unsigned char app2 = 0xe2;
constexpr unsigned char app14 = 0xee;
constexpr std::size_t jfif_size = 14;  // without its preview

unsigned char byte_at(std::string_view file, std::size_t at) {
  return static_cast<unsigned char>(file[at]);
}

bool is_restart(unsigned char marker) {
  return marker >= 0xd0 && marker <= 0xd7;
}

// One that stands for something outside of a scan.
bool is_marker(unsigned char byte) {
  return byte >= 0xc0 && byte != 0xff && !is_restart(byte);
}

// Frames, scans and the tables that decode them.
bool is_picture(unsigned char marker) {
  return (marker >= 0xc0 && marker <= 0xcf && marker != 0xc8) || (marker >= 0xda && marker <= 0xdf);
}

// Where the scan that begins at `at` ends: at the next marker, or at the file's end.
std::size_t end_of_scan(std::string_view file, std::size_t at) {
  while (at < file.size()) {
    const auto* found = static_cast<const char*>(std::memchr(&file[at], 0xff, file.size() - at));
    if (!found) return file.size();
    at = static_cast<std::size_t>(found - file.data());
    if (at + 1 == file.size()) return file.size();
    auto next = byte_at(file, at + 1);
    if (next == 0xff) {
      ++at;
    } else if (next == 0 || is_restart(next)) {
      at += 2;
    } else {
      return at;
    }
  }
  return at;
}

std::string segment(unsigned char marker, std::string_view content) {
  auto size = content.size() + 2;
  std::string out{'\xff', static_cast<char>(marker), static_cast<char>(size >> 8U),
                  static_cast<char>(size)};
  return out.append(content);
}

// What stays of a segment.
std::string kept(unsigned char marker, std::string_view content, profile colours) {
  if (is_picture(marker)) return segment(marker, content);
  if (marker == app0 && content.starts_with("JFIF\0"sv) && content.size() >= jfif_size) {
    return segment(app0, std::string(content.substr(0, jfif_size - 2)) + std::string(2, '\0'));
  }
  bool is_profile = marker == app2 && content.starts_with("ICC_PROFILE\0"sv);
  if (is_profile && colours == profile::stays) return segment(marker, content);
  // How the colours are stored: without it some pictures come out in wrong ones.
  if (marker == app14 && content.starts_with("Adobe"sv)) return segment(marker, content);
  auto turned = marker == app1 && content.starts_with("Exif\0"sv) ? exif_with(side_up(content))
                                                                  : std::string();
  return turned.empty() ? turned : segment(app1, "Exif\0\0"s + turned);
}

}  // namespace

std::optional<std::string> bare_jpeg(std::string_view file, profile colours) {
  std::string out{'\xff', static_cast<char>(start)};
  out.reserve(file.size());
  bool has_scan = false;
  for (std::size_t at = 2; at + 1 < file.size();) {
    auto marker = byte_at(file, at + 1);
    if (byte_at(file, at) != 0xff || !is_marker(marker)) {  // padding, as some cameras leave
      ++at;
      continue;
    }
    if (marker == end) {
      if (!has_scan) return std::nullopt;
      return out += {'\xff', static_cast<char>(end)};
    }
    if (at + 4 > file.size()) return std::nullopt;
    auto size = std::size_t{byte_at(file, at + 2)} << 8U | byte_at(file, at + 3);
    if (size < 2 || at + 2 + size > file.size()) return std::nullopt;
    out += kept(marker, file.substr(at + 4, size - 2), colours);
    at += 2 + size;
    if (marker == scan) {
      has_scan = true;
      auto behind = end_of_scan(file, at);
      out += file.substr(at, behind - at);
      at = behind;
    }
  }
  return std::nullopt;
}

}  // namespace oficio::pictures
