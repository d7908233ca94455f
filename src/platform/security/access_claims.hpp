#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/identity.hpp"

namespace oficio::security {

inline constexpr std::string_view token_issuer = "oficio";
inline constexpr std::string_view token_audience = "oficio-api";

// The two JSON parts of an access token, as they are written.
struct token_header {
  std::string alg;
  std::string typ;
  std::string kid;
};
BOOST_DESCRIBE_STRUCT(token_header, (), (alg, typ, kid))

struct token_claims {
  std::string iss;
  std::string aud;
  std::string sub;
  std::string username;
  std::vector<std::string> roles;
  std::string sid;
  std::string locale;
  std::string country;
  bool email_verified = false;
  std::int64_t iat = 0;  // seconds since 1970
  std::int64_t exp = 0;
};
BOOST_DESCRIBE_STRUCT(token_claims, (),
                      (iss, aud, sub, username, roles, sid, locale, country, email_verified, iat,
                       exp))

// Identities of the program's own parts never come in by a person's token.
inline bool is_person(const identity& who) {
  return !who.is_system() && !who.has_role("gateway");
}

}  // namespace oficio::security
