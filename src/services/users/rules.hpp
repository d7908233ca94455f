#pragma once

#include <string>
#include <string_view>

#include "platform/json/check.hpp"

namespace oficio::users {

bool is_file_id(std::string_view text);        // 1 to 100 of A-Z a-z 0-9 _ -
bool is_country(std::string_view text);        // ISO 3166-1, two capital letters
bool is_language_code(std::string_view text);  // ISO 639: two or three small letters
bool is_web_link(std::string_view text);       // http or https, a host, at most 300 characters

// As json::check_text, for what stands on one line. Code: line_break, too.
void check_line(json::violations& out, std::string pointer, std::string_view text, std::size_t min,
                std::size_t max);

}  // namespace oficio::users
