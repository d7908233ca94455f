#pragma once

#include <string_view>

namespace oficio::http::detail {

// Overlong forms, surrogates and what lies beyond U+10FFFF are not UTF-8.
bool is_utf8(std::string_view text);

}  // namespace oficio::http::detail
