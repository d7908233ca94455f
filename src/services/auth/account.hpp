#pragma once

#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/identity.hpp"
#include "platform/base/time.hpp"
#include "platform/json/codec.hpp"

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

}  // namespace oficio::auth
