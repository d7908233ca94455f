#include "services/users/rules.hpp"

#include <algorithm>

namespace oficio::users {
namespace {

bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

bool is_file_id(std::string_view text) {
  return !text.empty() && text.size() <= 100 && std::ranges::all_of(text, [](char c) {
    return is_small(c) || is_capital(c) || is_digit(c) || c == '_' || c == '-';
  });
}

bool is_country(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, is_capital);
}

bool is_language_code(std::string_view text) {
  return (text.size() == 2 || text.size() == 3) && std::ranges::all_of(text, is_small);
}

bool is_web_link(std::string_view text) {
  if (text.size() > 300) return false;
  for (std::string_view start : {"https://", "http://"}) {
    if (!text.starts_with(start)) continue;
    auto host = text.substr(start.size());
    host = host.substr(0, host.find_first_of("/?#"));
    return host.find('.') != std::string_view::npos && !host.starts_with('.') &&
           std::ranges::all_of(text, [](char c) {
             return static_cast<unsigned char>(c) > ' ' && c != 0x7f && c != '"' && c != '<' &&
                    c != '>' && c != '\\';
           });
  }
  return false;
}

}  // namespace oficio::users
