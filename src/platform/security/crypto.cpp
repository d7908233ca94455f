#include "platform/security/crypto.hpp"

#include <stdexcept>

#include <sodium.h>

#include "platform/base/random.hpp"
#include "platform/security/key_file.hpp"
#include "platform/security/sodium.hpp"

namespace oficio::security {
namespace {

constexpr int url_safe = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

void check_seal_key(std::string_view key) {
  if (key.size() != crypto_secretbox_KEYBYTES) {
    throw std::invalid_argument("a sealing key has 32 bytes, this one has " +
                                std::to_string(key.size()));
  }
}

}  // namespace

void require_sodium() {
  static const int ready = sodium_init();
  if (ready < 0) throw std::runtime_error("libsodium cannot be initialised");
}

std::string sha256(std::string_view bytes) {
  require_sodium();
  std::string out(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(bytes_of(out), bytes_of(bytes), bytes.size());
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  require_sodium();
  std::string out(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes_of(bytes), bytes.size());
  crypto_auth_hmacsha256_final(&state, bytes_of(out));
  sodium_memzero(&state, sizeof state);
  return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string base64url(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), url_safe), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes_of(bytes), bytes.size(), url_safe);
  out.pop_back();  // the terminating NUL, which the length counts
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  // libsodium takes some bytes above 127 for letters, which would give a token a second spelling.
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  if (text.find_first_not_of(alphabet) != std::string_view::npos) return std::nullopt;
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  // Left-over bits are refused too: exactly one spelling.
  if (sodium_base642bin(bytes_of(out), out.size(), text.data(), text.size(), nullptr, &size, &end,
                        url_safe) != 0 ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

std::string random_token() {
  return base64url(random_bytes(32));
}

std::string digest(std::string_view token) {
  return to_hex(sha256(token));
}

std::string seal(std::string_view key, std::string_view plain) {
  require_sodium();
  check_seal_key(key);
  std::string nonce = random_bytes(crypto_secretbox_NONCEBYTES);
  std::string box(crypto_secretbox_MACBYTES + plain.size(), '\0');
  crypto_secretbox_easy(bytes_of(box), bytes_of(plain), plain.size(), bytes_of(nonce),
                        bytes_of(key));
  return base64url(nonce + box);
}

std::optional<std::string> unseal(std::string_view key, std::string_view sealed) {
  require_sodium();
  check_seal_key(key);
  auto raw = from_base64url(sealed);
  constexpr std::size_t overhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (!raw || raw->size() < overhead) return std::nullopt;
  std::string_view box = std::string_view(*raw).substr(crypto_secretbox_NONCEBYTES);
  std::string plain(raw->size() - overhead, '\0');
  if (crypto_secretbox_open_easy(bytes_of(plain), bytes_of(box), box.size(),
                                 bytes_of(std::string_view(*raw)), bytes_of(key)) != 0) {
    return std::nullopt;
  }
  return plain;
}

std::string load_or_create_secret(const std::string& path, std::size_t bytes) {
  std::string text = load_or_create_private_file(path, [&] { return random_hex(bytes) + "\n"; });
  auto secret = from_hex_line(text);
  if (!secret || secret->size() != bytes) {
    throw std::runtime_error(path + ": must hold " + std::to_string(bytes * 2) +
                             " hexadecimal digits and nothing else");
  }
  return *std::move(secret);
}

}  // namespace oficio::security
