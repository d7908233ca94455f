#include "platform/realtime/base64.hpp"

#include <array>
#include <cstdint>

namespace oficio::realtime {
namespace {

constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> out{};
  for (auto& v : out) v = -1;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    out[static_cast<unsigned char>(letters[i])] = static_cast<std::int8_t>(i);
  }
  return out;
}

constexpr auto values = make_values();

}  // namespace

void append_base64(std::string& to, std::string_view bytes) {
  to.reserve(to.size() + (bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    auto left = bytes.size() - at;
    auto byte = [&](std::size_t i) {
      return i < left ? static_cast<unsigned>(static_cast<unsigned char>(bytes[at + i])) : 0u;
    };
    auto group = (byte(0) << 16) | (byte(1) << 8) | byte(2);
    to.push_back(letters[(group >> 18) & 63]);
    to.push_back(letters[(group >> 12) & 63]);
    to.push_back(left > 1 ? letters[(group >> 6) & 63] : '=');
    to.push_back(left > 2 ? letters[group & 63] : '=');
  }
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 == 0) {
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (char c : text) {
    auto value = values[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    group = (group << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<char>((group >> bits) & 0xff));
  }
  if ((group & ((1u << bits) - 1)) != 0) return std::nullopt;  // not what an encoder writes
  return out;
}

}  // namespace oficio::realtime
