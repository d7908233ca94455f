#pragma once

#include <chrono>

#include "platform/security/crypto.hpp"
#include "services/auth/store.hpp"

// How long things hold.
namespace oficio::auth {

inline constexpr auto access_lifetime = std::chrono::minutes(15);
inline constexpr auto refresh_lifetime = std::chrono::days(30);
inline constexpr auto device_lifetime = std::chrono::days(365);
inline constexpr auto email_lifetime = std::chrono::hours(24);
inline constexpr auto code_lifetime = std::chrono::minutes(10);
inline constexpr auto reset_lifetime = std::chrono::hours(1);

inline kept_token keep(const std::string& token, time_point expires_at) {
  return {security::digest(token), expires_at};
}

}  // namespace oficio::auth
