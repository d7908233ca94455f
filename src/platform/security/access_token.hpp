#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "platform/base/clock.hpp"
#include "platform/base/identity.hpp"
#include "platform/base/result.hpp"

namespace oficio::security {

// What clients show to prove a session: a JWT signed with Ed25519 ("alg": "EdDSA"), for 15 minutes.
struct access_claims {
  identity who;
  time_point issued_at;
  time_point expires_at;
};

// The keys that sign; only auth has them. As text, a line for each: 64 hexadecimal digits, then
// perhaps `from=TIME` (it signs no sooner) and `until=TIME` (it verifies no longer). Thread-safe.
class signing_keys {
 public:
  signing_keys();  // none: signing is a std::logic_error until replace() gives some
  // Throws std::runtime_error with one clear line.
  explicit signing_keys(const std::string& text);

  static std::string make_text();  // of one new key

  // With the newest key that may sign when the claims are issued.
  std::string sign(const access_claims& claims) const;
  // {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid", "x", "alg", "use"}]}: those that verify after
  // `now`.
  boost::json::object jwks(time_point now = {}) const;

  // True if the text says something new. Throws std::runtime_error with one clear line, and then
  // goes on with the keys that it has.
  bool replace(const std::string& text);

  ~signing_keys();
  signing_keys(signing_keys&&) noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

struct key_rotation {
  std::string new_kid;
  std::string old_kid;
  time_point signs_from;  // the new one
  time_point old_until;   // until then tokens of the old one hold
};

struct rotated_keys {
  std::string text;
  key_rotation what;
};

// Adds a key. It is published at once and signs a minute later, when all who verify know it; the
// older ones verify until their last tokens have ended. Keys that verify no longer are left out.
// Throws std::runtime_error with one clear line.
rotated_keys rotate_signing_keys(const std::string& text, time_point now);

// Verifies access tokens by public keys. A verified token is remembered (by its digest, until it
// expires, at most `cache_size` of them), since a signature costs more than a whole request.
// Thread-safe.
class access_verifier {
 public:
  access_verifier(const wall_clock& clock, std::size_t cache_size = 10'000);
  ~access_verifier();

  // Replaces the known keys. Errors: bad_upstream `bad_jwks`.
  result<void> set_keys(const boost::json::object& jwks);
  // Errors: unauthorized `invalid_token`, `token_expired`, `unknown_key` (fetch the keys again).
  result<access_claims> verify(std::string_view token) const;

  std::size_t remembered() const;  // tokens in memory now

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace oficio::security
