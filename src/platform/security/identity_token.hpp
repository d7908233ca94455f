#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/base/identity.hpp"
#include "platform/base/result.hpp"

namespace oficio::security {

// The header that carries it.
inline constexpr std::string_view identity_header = "X-Oficio-Identity";

// Identity between gateway and services: HMAC-SHA256 over {identity, aud, exp}, good for 30
// seconds. With two keys the first signs and both verify (rotation).
class identity_tokens {
 public:
  identity_tokens(std::vector<std::string> keys, const wall_clock& clock);

  // `audience` is the service that it is meant for: "orders".
  std::string issue(const identity& who, std::string_view audience) const;
  // Errors: unauthorized `invalid_identity`. The role "system" is never accepted.
  result<identity> verify(std::string_view token, std::string_view audience) const;

  // Proofs for other purposes under the same keys, so that every gateway makes and knows the same:
  // base64url. One for a purpose is none for another.
  std::string proof(std::string_view purpose, std::string_view text) const;
  bool is_proof(std::string_view purpose, std::string_view text, std::string_view proof) const;

 private:
  std::vector<std::string> keys_;
  const wall_clock& clock_;
};

}  // namespace oficio::security
