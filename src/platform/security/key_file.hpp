#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace oficio::security {

// The content of a file that only its owner may read; if there is none, it is made (mode 0600, with
// its folders) from what `make` returns. Whole or not at all, and durable: of several processes
// that make it at once one wins and all read the winner's. Throws std::runtime_error with one clear
// line.
std::string load_or_create_private_file(const std::string& path,
                                        const std::function<std::string()>& make);

// The content of a file that only its owner may read; nothing if there is none. Throws likewise.
std::optional<std::string> read_private_file(const std::string& path);

// The bytes of one line of hexadecimal digits, with or without a line break at its end.
std::optional<std::string> from_hex_line(std::string_view line);

}  // namespace oficio::security
