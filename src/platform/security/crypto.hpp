#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oficio::security {

std::string sha256(std::string_view bytes);                             // 32 raw bytes
std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 raw bytes
bool equal_in_constant_time(std::string_view a, std::string_view b);

std::string base64url(std::string_view bytes);  // without padding
std::optional<std::string> from_base64url(std::string_view text);

// A random token for people to send back: 32 bytes, base64url. Keep only its digest().
std::string random_token();
// What is stored of a token: SHA-256, in hex.
std::string digest(std::string_view token);

// Authenticated encryption with a 32-byte key (secretbox): for secrets inside events. base64url.
std::string seal(std::string_view key, std::string_view plain);
std::optional<std::string> unseal(std::string_view key, std::string_view sealed);

// Reads a secret of `bytes` bytes from a file (hex), or makes one there (mode 0600) if there is
// none. Throws std::runtime_error with one clear line if the file cannot be used or others can read
// it.
std::string load_or_create_secret(const std::string& path, std::size_t bytes);

}  // namespace oficio::security
