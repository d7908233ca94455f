#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

#include "platform/hosting/service.hpp"
#include "platform/http/upstream.hpp"
#include "platform/security/access_token.hpp"
#include "services/gateway/ended_sessions.hpp"

namespace oficio::gateway {

enum class proof { none, bearer, cookie };

// Who calls, and how they showed it.
struct caller {
  identity who;
  proof by = proof::none;
};

// Knows who has a session: verifies access tokens by auth's keys and remembers which sessions
// ended.
class sessions {
 public:
  // `auth` may be null: then nobody has a session.
  sessions(const wall_clock& clock, const security::identity_tokens& identities,
           http::upstream* auth, telemetry::logger log);

  // A bearer token must hold; a cookie that does not is as none, so that what is public stays so.
  // Errors: unauthorized `invalid_token`, `token_expired`, `session_ended`; unavailable
  // `keys_unavailable`.
  awaitable<result<caller>> identify(const http::request& r);

  // Whose token it is, and until when. Errors: as identify().
  awaitable<result<security::access_claims>> verify(context ctx, std::string token);
  // Errors: unauthorized `token_expired`, `session_ended`.
  result<void> still_holds(const std::string& session_id, time_point until) const;

  // It ended by a call that went through here: others should hear of it.
  void end(const std::string& session_id) {
    hear_of_end(session_id);
    if (tell_) tell_(session_id);
  }
  void hear_of_end(const std::string& session_id) {
    if (ended_.add(session_id, clock_.now()) && heard_) heard_(session_id);
  }

  // Who tells others of sessions that ended here; before the first call.
  void on_end(std::function<void(const std::string& session_id)> tell) { tell_ = std::move(tell); }

  // Who does something at the end of a session, wherever it ended; before the first call. Any
  // thread.
  void on_heard(std::function<void(const std::string& session_id)> hear) {
    heard_ = std::move(hear);
  }

  // Fetches the keys (if there are none yet, or old ones) and the sessions that ended since it last
  // did. May run more than once at a time. Errors: those of the upstream.
  awaitable<result<void>> catch_up();

 private:
  awaitable<result<void>> fetch_keys(context ctx);
  awaitable<result<void>> fetch_ended(context ctx);
  awaitable<result<boost::json::object>> ask_auth(context ctx, std::string target);
  bool may_fetch_keys();
  bool keys_are_old() const;

  const wall_clock& clock_;
  const security::identity_tokens& identities_;
  http::upstream* auth_;
  telemetry::logger log_;
  security::access_verifier verifier_;
  ended_sessions ended_;
  std::function<void(const std::string&)> tell_;
  std::function<void(const std::string&)> heard_;
  std::atomic<bool> have_keys_{false};
  std::atomic<std::chrono::steady_clock::rep> next_key_fetch_{0};
  std::atomic<std::chrono::steady_clock::rep> keys_fetched_at_{0};
  std::atomic<time_point> ended_known_until_{time_point{}};
};

}  // namespace oficio::gateway
