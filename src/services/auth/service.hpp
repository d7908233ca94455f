#pragma once

#include <string>
#include <variant>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/security/access_token.hpp"
#include "platform/security/attempt_guard.hpp"
#include "platform/security/password.hpp"
#include "platform/security/rate_limit.hpp"
#include "services/auth/account.hpp"
#include "services/auth/limits.hpp"
#include "services/auth/requests.hpp"
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

// What somebody gets who signs in from a device that the account does not know: a code is mailed.
struct challenged {
  std::string challenge_id;
  std::string method = "email_otp";
};
BOOST_DESCRIBE_STRUCT(challenged, (), (challenge_id, method))

using sign_in_outcome = std::variant<signed_in, auth::challenged>;

// The use cases. Passwords are hashed before the database is asked to write, so that no transaction
// is held meanwhile. `address` is the client's, for limits.
class service {
 public:
  service(store& kept, security::signing_keys& keys, security::password_hasher& passwords,
          const wall_clock& clock, std::string seal_key, const limits& l);

  // Errors: conflict `username_taken`, `email_taken`; unavailable `overloaded`.
  awaitable<result<signed_in>> sign_up(const context& ctx, sign_up_request r);
  // Errors: unauthorized `invalid_credentials`, too_many `rate_limited`, unavailable `overloaded`.
  awaitable<result<sign_in_outcome>> sign_in(const context& ctx, sign_in_request r,
                                             std::string address);
  // Errors: unauthorized `invalid_code`, `invalid_challenge` (sign in again); too_many
  // `rate_limited`.
  awaitable<result<signed_in>> answer_challenge(const context& ctx, code_request r,
                                                std::string address);
  // Errors: unauthorized `invalid_refresh_token`, `refresh_reused` (the session has ended).
  awaitable<result<refreshed>> refresh(const context& ctx, std::string refresh_token);

  awaitable<result<std::vector<session_shown>>> list_sessions(const context& ctx);
  // The ended sessions' ids. Error of end_session: not_found.
  awaitable<result<std::vector<std::string>>> end_session(const context& ctx,
                                                          std::string session_id);
  awaitable<result<std::vector<std::string>>> sign_out(const context& ctx);
  awaitable<result<std::vector<std::string>>> sign_out_everywhere(const context& ctx);
  // Those of the last 15 minutes: access tokens of older ones have expired.
  awaitable<result<std::vector<ended_session>>> ended_since(const context& ctx, time_point since);

  // Mails a link, if the address is an account's; nothing tells whether it is. Error: too_many
  // `rate_limited`.
  awaitable<result<void>> forgot_password(const context& ctx, std::string email,
                                          std::string address);
  // The ended sessions' ids: all. Errors: invalid `unknown_token`, `token_expired`, `token_used`,
  // `validation_failed`.
  awaitable<result<std::vector<std::string>>> reset_password(const context& ctx, reset_request r);
  // The ended sessions' ids: all but this one. Errors: forbidden `wrong_password`, too_many
  // `rate_limited`, invalid `validation_failed`.
  awaitable<result<std::vector<std::string>>> change_password(const context& ctx,
                                                              change_password_request r);

  awaitable<result<account>> me(const context& ctx);
  // Errors: conflict `already_verified`, too_many `rate_limited`.
  awaitable<result<void>> resend_verification(const context& ctx);
  // Errors: invalid `unknown_token`, `token_expired`; conflict `already_verified`.
  awaitable<result<account>> verify_email(const context& ctx, std::string token);

  boost::json::object jwks() const { return keys_.jwks(clock_.now()); }

 private:
  // The parts of a session that is about to begin, secrets in the clear.
  struct beginning {
    std::string refresh_token;
    std::string device_token;
    new_session session;
    kept_token device;
  };
  beginning begin_session(std::string device_label) const;
  awaitable<result<auth::challenged>> challenge(const context& ctx, account shown,
                                                std::string device_label);
  std::string access_token(const account& a, const std::string& session_id) const;
  signed_in answer(account a, beginning b) const;

  store& store_;
  security::signing_keys& keys_;
  security::password_hasher& passwords_;
  const wall_clock& clock_;
  std::string seal_key_;
  security::attempt_guard by_account_;
  security::attempt_guard by_address_;
  security::rate_limiter resends_;
  security::rate_limiter resets_;
};

}  // namespace oficio::auth
