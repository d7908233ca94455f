#include "app/market/prepared_studio.hpp"

namespace oficio::app {
namespace {

// Width and height stand behind the start code of the one frame (RFC 9649, 2.5; RFC 6386, 9.1).
constexpr std::size_t header_size = 30;
constexpr std::string_view frame_start = "\x9d\x01\x2a";

int number_at(std::string_view bytes, std::size_t at) {
  auto low = static_cast<unsigned char>(bytes[at]);
  auto high = static_cast<unsigned char>(bytes[at + 1]);
  return (low | (high << 8)) & 0x3fff;
}

result<pictures::extent> extent_of(std::string_view bytes) {
  bool readable = bytes.size() >= header_size && bytes.substr(0, 4) == "RIFF" &&
                  bytes.substr(8, 8) == "WEBPVP8 " && bytes.substr(23, 3) == frame_start;
  if (!readable) {
    return error{errc::invalid, "broken_picture", "This is no lossy WebP picture."};
  }
  return pictures::extent{number_at(bytes, 26), number_at(bytes, 28)};
}

}  // namespace

awaitable<result<pictures::extent>> prepared_studio::measure(const context&,
                                                             pictures::shared_bytes file) {
  co_return extent_of(file.part);
}

awaitable<result<std::vector<pictures::picture>>> prepared_studio::draw(
    const context&, pictures::shared_bytes file, std::vector<pictures::form> forms) {
  CO_TRY(auto extent, extent_of(file.part));
  pictures::picture same{"image/webp", std::string(file.part), extent.width, extent.height};
  co_return std::vector<pictures::picture>(forms.size(), same);
}

}  // namespace oficio::app
