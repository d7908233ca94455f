#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/sql/outbox.hpp"
#include "services/auth/account.hpp"
#include "services/auth/events.hpp"

namespace oficio::auth {

// A token as it is kept: its digest and until when it holds.
struct kept_token {
  std::string digest;
  time_point expires_at;
};

struct new_session {
  std::string id;
  std::string device;  // a label
  kept_token refresh;
};

struct ended_session {
  std::string session_id;
  time_point ended_at;
};
BOOST_DESCRIBE_STRUCT(ended_session, (), (session_id, ended_at))

// Whose session a refresh token belongs to. `reused`: it had been used before, and so the session
// was ended.
struct rotation {
  account owner;
  std::string session_id;
  bool reused = false;
};

// Accounts, sessions and their tokens in SQL. Every change that others hear of is written together
// with its events. All methods may fail with what sql::database says.
class store {
 public:
  // Migrates. `db` must outlive it.
  store(sql::database& db, const wall_clock& clock);

  events::outbox& outbox() { return outbox_; }
  awaitable<result<void>> ping(const context& ctx);

  awaitable<result<std::optional<account>>> find_by_login(const context& ctx, std::string login);
  awaitable<result<account>> get(const context& ctx, std::string account_id);

  // Errors: conflict `username_taken`, `email_taken`.
  awaitable<result<void>> check_free(const context& ctx, std::string username, std::string email);
  // The account with its first session and device. Errors: as check_free().
  awaitable<result<void>> add(const context& ctx, account a, new_session s, kept_token device,
                              kept_token email, std::vector<events::raised> events);

  // A session for somebody who has shown the password; the longest unused ones beyond the limit
  // end. True if `known_device` is a device of the account (it is then kept for longer), else
  // `new_device` is added.
  awaitable<result<bool>> open_session(const context& ctx, std::string account_id, new_session s,
                                       std::string known_device, kept_token new_device);
  // Puts `next` in the place of the refresh token; exactly one of several callers gets through.
  // Errors: unauthorized `invalid_refresh_token`.
  awaitable<result<rotation>> rotate(const context& ctx, std::string digest, kept_token next);

  // Ends the actor's session (or all that live), and says which ended now.
  awaitable<result<std::vector<std::string>>> end_session(const context& ctx, identity actor);
  awaitable<result<std::vector<std::string>>> end_all(const context& ctx, identity actor);
  // The newest first, at most 50,000.
  awaitable<result<std::vector<ended_session>>> ended_since(const context& ctx, time_point since);

  // Errors: conflict `already_verified`.
  awaitable<result<void>> request_verification(const context& ctx, identity actor, kept_token email,
                                               std::string sealed_token);
  // Errors: invalid `unknown_token`, `token_expired`; conflict `already_verified`.
  awaitable<result<account>> verify_email(const context& ctx, std::string digest);

  awaitable<result<void>> follow_profile(const context& ctx, profile_change change);

  // Removes what nobody can use any more, at most a few thousand rows a call. Returns how many.
  awaitable<result<std::size_t>> purge(const context& ctx);

 private:
  sql::database& db_;
  const wall_clock& clock_;
  sql::outbox outbox_;
};

}  // namespace oficio::auth
