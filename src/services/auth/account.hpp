#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/identity.hpp"
#include "platform/base/time.hpp"
#include "platform/json/check.hpp"

namespace oficio::auth {

// A person's account. What is described is what its owner and other services may see.
struct account {
  std::string id;
  std::string username;
  std::string email;
  bool email_verified = false;
  std::vector<std::string> roles = {"user"};
  std::string locale = "en";
  std::string country;  // ISO 3166, two letters; empty if not told
  time_point created_at;

  std::string password_hash;
  std::int64_t version = 1;  // bumped by every write that raises an event
};
BOOST_DESCRIBE_STRUCT(account, (),
                      (id, username, email, email_verified, roles, locale, country, created_at))

// How names and addresses are compared: "Ana" and "ana" are one.
std::string key_of(std::string_view name);

identity identity_of(const account& a, std::string session_id);

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

struct refresh_request {
  std::string refresh_token;
};
BOOST_DESCRIBE_STRUCT(refresh_request, (), (refresh_token))

struct verify_request {
  std::string token;
};
BOOST_DESCRIBE_STRUCT(verify_request, (), (token))

}  // namespace oficio::auth
