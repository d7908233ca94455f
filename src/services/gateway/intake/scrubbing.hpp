#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oficio::gateway::intake {

// What a browser says is kept for weeks and read by others: it must carry no token. All results are
// tidy UTF-8 (platform/base/unicode.hpp), and at most so many bytes as said.

inline constexpr std::size_t most_bytes = 2'048;  // of one field

// Text without e-mail addresses, tokens (JWT), and what stands behind the "?" or "#" of addresses
// in it.
std::string scrubbed(std::string_view text, std::size_t most = most_bytes);

// The parts of an http(s) address that may be kept; nothing for anything else.
struct address {
  std::string full;  // without credentials, query and fragment, and the others above
  std::string scheme;
  std::string domain;
  std::string path;  // "/" at least
  int port = 0;      // 0: the scheme's own
};
std::optional<address> read_address(std::string_view url);

// The same error of two releases: "index-Cx81hf2_.js" is "index.js".
std::string without_build_hash(std::string_view file_name);

// Digits are 0: "order 1234 failed" and "order 77 failed" are the same message.
std::string without_numbers(std::string_view text);

}  // namespace oficio::gateway::intake
