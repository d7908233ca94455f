#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/events/facts.hpp"
#include "platform/sql/outbox.hpp"
#include "services/auth/account.hpp"
#include "services/auth/events.hpp"
#include "services/auth/operators.hpp"

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

// A session as its owner sees it.
struct session_shown {
  std::string id;
  std::string device;
  time_point created_at;
  time_point last_used_at;
  bool current = false;
};
BOOST_DESCRIBE_STRUCT(session_shown, (), (id, device, created_at, last_used_at, current))

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

struct login_match {
  std::optional<account> owner;
  bool knows_device = false;  // the owner has signed in on it before
};

// A code that was mailed. Kept as digests alone; the code's includes the challenge's id, which is
// kept nowhere, so that a stolen table does not give the codes away.
struct new_challenge {
  kept_token id;
  std::string code_digest;
  std::string sealed_code;
  std::string device;  // a label
};

// What came of an answer to a challenge. `over`: used, expired, or too often answered wrongly.
enum class verdict { right, wrong, over };
struct challenge_outcome {
  auth::verdict verdict = verdict::over;
  account owner = {};  // when right
};

// Accounts, sessions and their tokens in SQL. Every change that others hear of is written together
// with its events. All methods may fail with what sql::database says.
class store {
 public:
  static constexpr int max_tries = 5;              // answers to one challenge
  static constexpr long long max_challenges = 10;  // of an account in an hour

  // Migrates. `db` must outlive it.
  store(sql::database& db, const wall_clock& clock);

  events::outbox& outbox() { return outbox_; }
  // Accounts, in pages. The store must outlive it.
  events::fact_source facts();
  awaitable<result<void>> ping(const context& ctx);

  // Accounts.
  awaitable<result<login_match>> find_by_login(const context& ctx, std::string login,
                                               std::string device_digest);
  awaitable<result<account>> get(const context& ctx, std::string account_id);
  // Errors: conflict `username_taken`, `email_taken`.
  awaitable<result<void>> check_free(const context& ctx, std::string username, std::string email);
  // The account with its first session and device. Errors: as check_free().
  awaitable<result<void>> add(const context& ctx, account a, new_session s, kept_token device,
                              kept_token email, std::vector<events::raised> events);
  // Errors: conflict `already_verified`.
  awaitable<result<void>> request_verification(const context& ctx, identity actor, kept_token email,
                                               std::string sealed_token);
  // Errors: invalid `unknown_token`, `token_expired`; conflict `already_verified`.
  awaitable<result<account>> verify_email(const context& ctx, std::string digest);
  awaitable<result<void>> follow_profile(const context& ctx, profile_change change);

  // Sessions. `shown` is the account whose password somebody has shown: if it was changed meanwhile
  // that counts for nothing (unauthorized `invalid_credentials`).
  // A session on a device that the account knows, and goes on knowing until then. False if it does
  // not know it any more: nothing has happened.
  awaitable<result<bool>> open_session(const context& ctx, account shown, new_session s,
                                       kept_token known_device);
  // Errors: too_many `rate_limited`.
  awaitable<result<void>> challenge(const context& ctx, account shown, new_challenge c);
  // Opens the session, on a device that is known from now on, if the code is right.
  awaitable<result<challenge_outcome>> answer_challenge(const context& ctx, std::string id_digest,
                                                        std::string code_digest, new_session s,
                                                        kept_token device);
  // Puts `next` in the place of the refresh token; exactly one of several callers gets through.
  // Errors: unauthorized `invalid_refresh_token`.
  awaitable<result<rotation>> rotate(const context& ctx, std::string digest, kept_token next);

  // Those of the actor that live, the last used first.
  awaitable<result<std::vector<session_shown>>> list_sessions(const context& ctx, identity actor);
  // Ends one of the actor's sessions (or all that live), and says which ended now.
  // Errors of end_session: not_found.
  awaitable<result<std::vector<std::string>>> end_session(const context& ctx, identity actor,
                                                          std::string session_id);
  awaitable<result<std::vector<std::string>>> end_all(const context& ctx, identity actor);
  // The newest first, at most 50,000.
  awaitable<result<std::vector<ended_session>>> ended_since(const context& ctx, time_point since);

  // Passwords.
  // The same work whether the address is somebody's or not.
  awaitable<result<void>> request_reset(const context& ctx, std::string email, kept_token reset,
                                        std::string sealed_token);
  // Whose it is. Errors: invalid `unknown_token`, `token_expired`, `token_used`.
  awaitable<result<account>> find_by_reset(const context& ctx, std::string digest);
  // Uses the token; all sessions end, and are returned. Errors: those of find_by_reset().
  awaitable<result<std::vector<std::string>>> reset_password(const context& ctx, std::string digest,
                                                             std::string password_hash);
  // All sessions but the actor's end. Errors: unauthorized `invalid_credentials` if the password is
  // not `shown`'s any more.
  awaitable<result<std::vector<std::string>>> change_password(const context& ctx, identity actor,
                                                              account shown,
                                                              std::string password_hash);

  // Roles. The actor must be the program itself. Errors: not_found, forbidden.
  awaitable<result<operator_change>> set_operator(const context& ctx, identity actor,
                                                  std::string username, bool is_operator);

  // Removes what nobody can use any more, at most a few thousand rows a call. Returns how many.
  awaitable<result<std::size_t>> purge(const context& ctx);

 private:
  // The account, its row locked until the transaction ends.
  std::optional<account> lock(soci::session& s, const std::string& account_id) const;
  std::optional<account> lock_if_same(soci::session& s, const account& shown) const;
  // A session, and the end of the longest unused ones beyond the limit.
  void add_session(soci::session& s, const context& ctx, const account& owner,
                   const new_session& session);
  // Ends those, tells of it, and says which ended now.
  std::vector<std::string> end(soci::session& s, const context& ctx, const std::string& account_id,
                               const std::vector<std::string>& ids);
  std::vector<std::string> set_password(soci::session& s, const context& ctx, account owner,
                                        const std::string& password_hash,
                                        const std::string& kept_session);
  void append(soci::session& s, const context& ctx, const account& a,
              const std::vector<events::raised>& raised);

  sql::database& db_;
  const wall_clock& clock_;
  sql::outbox outbox_;
};

}  // namespace oficio::auth
