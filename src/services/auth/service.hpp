#pragma once

#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/security/access_token.hpp"
#include "platform/security/password.hpp"
#include "platform/security/rate_limit.hpp"
#include "services/auth/account.hpp"
#include "services/auth/store.hpp"

namespace oficio::auth {

// What somebody gets who has signed up or in.
struct signed_in {
  auth::account account;
  std::string access_token;
  std::string refresh_token;
  std::string device_token;
  std::int64_t expires_in = 0;  // seconds until the access token does
};
BOOST_DESCRIBE_STRUCT(signed_in, (),
                      (account, access_token, refresh_token, device_token, expires_in))

struct refreshed {
  auth::account account;
  std::string access_token;
  std::string refresh_token;
  std::int64_t expires_in = 0;
};
BOOST_DESCRIBE_STRUCT(refreshed, (), (account, access_token, refresh_token, expires_in))

// The use cases. Passwords are hashed before the database is asked to write, so that no transaction
// is held meanwhile.
class service {
 public:
  service(store& kept, security::signing_keys& keys, security::password_hasher& passwords,
          const wall_clock& clock, std::string seal_key);

  // Errors: conflict `username_taken`, `email_taken`; unavailable `overloaded`.
  awaitable<result<signed_in>> sign_up(const context& ctx, sign_up_request r);
  // Errors: unauthorized `invalid_credentials`, too_many `rate_limited`, unavailable `overloaded`.
  awaitable<result<signed_in>> sign_in(const context& ctx, sign_in_request r);
  // Errors: unauthorized `invalid_refresh_token`, `refresh_reused` (the session has ended).
  awaitable<result<refreshed>> refresh(const context& ctx, std::string refresh_token);

  // The ended sessions' ids.
  awaitable<result<std::vector<std::string>>> sign_out(const context& ctx);
  awaitable<result<std::vector<std::string>>> sign_out_everywhere(const context& ctx);
  // Those of the last 15 minutes: access tokens of older ones have expired.
  awaitable<result<std::vector<ended_session>>> ended_since(const context& ctx, time_point since);

  awaitable<result<account>> me(const context& ctx);
  // Errors: conflict `already_verified`, too_many `rate_limited`.
  awaitable<result<void>> resend_verification(const context& ctx);
  // Errors: invalid `unknown_token`, `token_expired`; conflict `already_verified`.
  awaitable<result<account>> verify_email(const context& ctx, std::string token);

  boost::json::object jwks() const { return keys_.jwks(); }

 private:
  std::string access_token(const account& a, const std::string& session_id) const;
  signed_in answer(account a, const std::string& session_id, std::string refresh_token,
                   std::string device_token) const;

  store& store_;
  security::signing_keys& keys_;
  security::password_hasher& passwords_;
  const wall_clock& clock_;
  std::string seal_key_;
  security::rate_limiter sign_ins_;
  security::rate_limiter resends_;
};

}  // namespace oficio::auth
