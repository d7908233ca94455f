#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/describe.hpp>

#include "platform/json/check.hpp"

// What people send.
namespace oficio::auth {

struct sign_up_request {
  std::string username;
  std::string email;
  std::string password;
  std::optional<std::string> country;
  std::optional<std::string> locale;
};
BOOST_DESCRIBE_STRUCT(sign_up_request, (), (username, email, password, country, locale))
void check(const sign_up_request& r, json::violations& out);

struct sign_in_request {
  std::string login;  // user name or e-mail address
  std::string password;
  std::optional<std::string> device;        // a label: "Firefox on Linux"
  std::optional<std::string> device_token;  // from an earlier sign-in on this device
};
BOOST_DESCRIBE_STRUCT(sign_in_request, (), (login, password, device, device_token))
void check(const sign_in_request& r, json::violations& out);

struct code_request {
  std::string challenge_id;
  std::string code;
};
BOOST_DESCRIBE_STRUCT(code_request, (), (challenge_id, code))
void check(const code_request& r, json::violations& out);

struct refresh_request {
  std::string refresh_token;
};
BOOST_DESCRIBE_STRUCT(refresh_request, (), (refresh_token))

struct verify_request {
  std::string token;
};
BOOST_DESCRIBE_STRUCT(verify_request, (), (token))
void check(const verify_request& r, json::violations& out);

struct forgot_request {
  std::string email;
};
BOOST_DESCRIBE_STRUCT(forgot_request, (), (email))
void check(const forgot_request& r, json::violations& out);

struct reset_request {
  std::string token;  // from the mail
  std::string password;
};
BOOST_DESCRIBE_STRUCT(reset_request, (), (token, password))
void check(const reset_request& r, json::violations& out);

struct change_password_request {
  std::string old_password;
  std::string password;  // the new one
};
BOOST_DESCRIBE_STRUCT(change_password_request, (), (old_password, password))
void check(const change_password_request& r, json::violations& out);

// What a new password must not be. Sign-up checks it by itself; whoever sets a password later knows
// the account only after the request was read.
void check_not_name(std::string pointer, std::string_view password, std::string_view username,
                    std::string_view email, json::violations& out);

}  // namespace oficio::auth
