#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oficio::realtime {

// RFC 4648, section 4, with padding.
void append_base64(std::string& to, std::string_view bytes);
// Nothing if it is no such text. Padding may be missing.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace oficio::realtime
