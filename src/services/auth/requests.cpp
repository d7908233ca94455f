#include "services/auth/requests.hpp"

#include <algorithm>

#include "services/auth/account.hpp"

namespace oficio::auth {
namespace {

constexpr std::size_t min_password = 10;
constexpr std::size_t max_password = 128;
constexpr std::size_t max_email = 254;

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return is_lower(c) || is_upper(c);
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_username(std::string_view text) {
  return text.size() >= 3 && text.size() <= 30 && is_letter(text.front()) &&
         std::ranges::all_of(
             text, [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; });
}

bool is_domain_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

bool is_domain(std::string_view domain) {
  std::size_t labels = 0;
  std::string_view last;
  while (true) {
    auto dot = domain.find('.');
    last = domain.substr(0, dot);
    if (!is_domain_label(last)) return false;
    ++labels;
    if (dot == std::string_view::npos) break;
    domain.remove_prefix(dot + 1);
  }
  return labels >= 2 && last.size() >= 2 && std::ranges::any_of(last, is_letter);
}

bool is_local_part(std::string_view local) {
  constexpr std::string_view allowed = "!#$%&'*+-/=?^_`{|}~.";
  return !local.empty() && local.size() <= 64 && local.front() != '.' && local.back() != '.' &&
         local.find("..") == std::string_view::npos && std::ranges::all_of(local, [&](char c) {
           return is_letter(c) || is_digit(c) || allowed.find(c) != std::string_view::npos;
         });
}

// Plausible; whether it exists, only a mail can tell.
bool is_email(std::string_view text) {
  auto at = text.find('@');
  return text.size() <= max_email && at != std::string_view::npos &&
         is_local_part(text.substr(0, at)) && is_domain(text.substr(at + 1));
}

bool is_country(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, is_upper);
}

// "es" or "es-UY".
bool is_locale(std::string_view text) {
  bool language = text.size() >= 2 && is_lower(text[0]) && is_lower(text[1]);
  return language && (text.size() == 2 || (text[2] == '-' && is_country(text.substr(3))));
}

void check_password(std::string pointer, std::string_view password, json::violations& out) {
  auto length = json::length_of(password);
  if (length < min_password) {
    out.add(std::move(pointer), "too_short",
            "must have at least " + std::to_string(min_password) + " characters",
            {.min = min_password});
  } else if (length > max_password) {
    out.add(std::move(pointer), "too_long",
            "must have at most " + std::to_string(max_password) + " characters",
            {.max = max_password});
  }
}

// A password that somebody says to have. Longer than any can be; looser than for new ones, where
// the rules may grow stricter.
void check_known_password(std::string pointer, std::string_view password, json::violations& out) {
  if (password.size() > 1'024) out.add(std::move(pointer), "too_long", "is too long");
}

// Ours are 43 characters; what is far longer was not made here.
void check_token(std::string pointer, std::string_view token, json::violations& out) {
  if (token.empty())
    out.add(std::move(pointer), "too_short", "must not be empty");
  else if (token.size() > 200)
    out.add(std::move(pointer), "too_long", "is too long");
}

bool is_code(std::string_view text) {
  return text.size() == 6 && std::ranges::all_of(text, is_digit);
}

}  // namespace

void check_not_name(std::string pointer, std::string_view password, std::string_view username,
                    std::string_view email, json::violations& out) {
  auto key = key_of(password);
  if (key == key_of(username) || key == key_of(email)) {
    out.add(std::move(pointer), "too_easy", "must not be the user name or the e-mail address");
  }
}

void check(const sign_up_request& r, json::violations& out) {
  if (!is_username(r.username)) {
    out.add("/username", "format",
            "must be 3 to 30 letters, digits, - or _, and begin with a letter");
  }
  if (!is_email(r.email)) out.add("/email", "format", "is not an e-mail address");
  check_password("/password", r.password, out);
  check_not_name("/password", r.password, r.username, r.email, out);
  if (r.country && !is_country(*r.country)) {
    out.add("/country", "format", "must be a country's two letters, such as UY");
  }
  if (r.locale && !is_locale(*r.locale)) {
    out.add("/locale", "format", "must be a language such as en or es-UY");
  }
}

void check(const sign_in_request& r, json::violations& out) {
  json::check_text(out, "/login", r.login, 1, max_email);
  check_known_password("/password", r.password, out);
  if (r.device) json::check_text(out, "/device", *r.device, 0, 100);
}

void check(const code_request& r, json::violations& out) {
  check_token("/challenge_id", r.challenge_id, out);
  if (!is_code(r.code)) out.add("/code", "format", "must be the six digits of the mail");
}

void check(const verify_request& r, json::violations& out) {
  check_token("/token", r.token, out);
}

void check(const forgot_request& r, json::violations& out) {
  if (!is_email(r.email)) out.add("/email", "format", "is not an e-mail address");
}

void check(const reset_request& r, json::violations& out) {
  check_token("/token", r.token, out);
  check_password("/password", r.password, out);
}

void check(const change_password_request& r, json::violations& out) {
  check_known_password("/old_password", r.old_password, out);
  check_password("/password", r.password, out);
}

}  // namespace oficio::auth
