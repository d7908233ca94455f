#pragma once

#include <string_view>

namespace oficio::users {

bool is_file_id(std::string_view text);        // 1 to 100 of A-Z a-z 0-9 _ -
bool is_country(std::string_view text);        // two capital letters
bool is_language_code(std::string_view text);  // ISO 639: two or three small letters
bool is_web_link(std::string_view text);       // http or https, a host, at most 300 characters

}  // namespace oficio::users
