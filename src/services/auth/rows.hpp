#pragma once

#include <optional>
#include <string>
#include <vector>

#include <soci/soci.h>

#include "services/auth/store.hpp"

// What the parts of the store share: how rows become values, inside a running session.
namespace oficio::auth::rows {

// SOCI knows `long long`, on every platform.
using number = long long;

inline number millis(time_point t) {
  return t.time_since_epoch().count();
}
inline time_point time_of(number ms) {
  return time_point{std::chrono::milliseconds(ms)};
}

// How roles are kept: with commas between.
std::string join(const std::vector<std::string>& parts);

// `column` is one of ours, never text from outside; `suffix` may lock the row (" FOR UPDATE").
std::optional<account> find_account(soci::session& s, const char* column, const std::string& value,
                                    const std::string& suffix = "");

// Those behind that id, in order of ids.
std::vector<account> accounts_behind(soci::session& s, const std::string& id, number limit);

// Bumps the account's version, which also locks its row, and reads it. Nothing if there is none.
std::optional<account> touch_account(soci::session& s, const std::string& id);

void insert_session(soci::session& s, const std::string& account_id, const new_session& session,
                    time_point now);
void insert_device(soci::session& s, const std::string& account_id, const kept_token& device);
// The ones that expire first, beyond the limit: those unused for longest.
void forget_old_devices(soci::session& s, const std::string& account_id);
void insert_email_token(soci::session& s, const std::string& account_id, const kept_token& email);

// The ids of an account's living sessions, the last used first, without the first `skip`.
std::vector<std::string> living_sessions(soci::session& s, const std::string& account_id,
                                         time_point now, number skip);
// Of these, those that lived until now.
std::vector<std::string> end_sessions(soci::session& s, const std::vector<std::string>& ids,
                                      time_point now);

}  // namespace oficio::auth::rows
