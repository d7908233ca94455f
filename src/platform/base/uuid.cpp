#include "platform/base/uuid.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>
#include <stdexcept>

#include <openssl/evp.h>

#include "platform/base/random.hpp"

namespace oficio {
namespace {

using bytes16 = std::array<unsigned char, 16>;

// The namespace under which the project's own names are hashed.
constexpr bytes16 own_namespace = {0x6f, 0x66, 0x69, 0x63, 0x69, 0x6f, 0x50, 0x00,
                                   0x80, 0x00, 0x6d, 0x61, 0x72, 0x6b, 0x65, 0x74};

std::string text_of(const bytes16& id) {
  std::string hex = to_hex({reinterpret_cast<const char*>(id.data()), id.size()});
  for (std::size_t dash : {20U, 16U, 12U, 8U}) hex.insert(dash, 1, '-');
  return hex;
}

void stamp(bytes16& id, unsigned version) {
  id[6] = static_cast<unsigned char>((id[6] & 0x0fU) | (version << 4U));
  id[8] = static_cast<unsigned char>((id[8] & 0x3fU) | 0x80U);
}

// Ids of one millisecond keep their order by a 12-bit counter; past 4,096 of them time is borrowed
// from the next millisecond.
struct tick {
  std::uint64_t millis;
  unsigned counter;
};

tick next_tick(std::uint64_t now) {
  static std::mutex guard;
  static tick last{0, 0};
  std::lock_guard lock(guard);
  if (now > last.millis) {
    last = {now, 0};
  } else if (++last.counter == 0x1000U) {
    last = {last.millis + 1, 0};
  }
  return last;
}

}  // namespace

std::string uuid_v7(time_point now) {
  auto [millis, counter] = next_tick(static_cast<std::uint64_t>(now.time_since_epoch().count()));
  bytes16 id{};
  std::string noise = random_bytes(8);
  for (int i = 0; i < 6; ++i) {
    id[static_cast<std::size_t>(i)] = static_cast<unsigned char>(millis >> (8 * (5 - i)));
  }
  id[6] = static_cast<unsigned char>(counter >> 8U);
  id[7] = static_cast<unsigned char>(counter);
  std::copy(noise.begin(), noise.end(), id.begin() + 8);
  stamp(id, 7);
  return text_of(id);
}

std::string uuid_v5(std::string_view name) {
  std::string input(reinterpret_cast<const char*>(own_namespace.data()), own_namespace.size());
  input += name;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(input.data(), input.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
    throw std::runtime_error("SHA-1 is not available");
  }
  bytes16 id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  stamp(id, 5);
  return text_of(id);
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    char c = text[i];
    bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

std::optional<time_point> uuid_time(std::string_view id) {
  if (!is_uuid(id) || id[14] != '7') return std::nullopt;
  std::string hex = std::string(id.substr(0, 8)) + std::string(id.substr(9, 4));
  return time_point{std::chrono::milliseconds{std::stoll(hex, nullptr, 16)}};
}

}  // namespace oficio
