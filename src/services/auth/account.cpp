#include "services/auth/account.hpp"

namespace oficio::auth {

std::string key_of(std::string_view name) {
  std::string key(name);
  for (char& c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return key;
}

identity identity_of(const account& a, std::string session_id) {
  return {.sub = a.id,
          .username = a.username,
          .roles = a.roles,
          .sid = std::move(session_id),
          .locale = a.locale,
          .country = a.country,
          .email_verified = a.email_verified};
}

}  // namespace oficio::auth
