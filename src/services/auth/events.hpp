#pragma once

#include <string>
#include <vector>

#include "platform/events/envelope.hpp"
#include "services/auth/account.hpp"

namespace oficio::auth {

events::raised registered(const account& a);
events::raised verified(const account& a);
// `sealed_token` is for the notification service's eyes only.
events::raised verification_requested(const account& a, std::string sealed_token,
                                      time_point not_after);
// What is in tokens has changed: roles, language, country, the verified address.
events::raised updated(const account& a);
// `sealed_code` likewise.
events::raised signin_challenged(const account& a, std::string sealed_code, time_point not_after);
events::raised reset_requested(const account& a, std::string sealed_token, time_point not_after);
events::raised password_changed(const account& a, time_point at);
events::raised sessions_ended(const account& a, const std::vector<std::string>& session_ids,
                              time_point ended_at);

// What users tells of a profile that concerns mails and tokens.
struct profile_change {
  std::string account_id;
  std::int64_t version = 0;
  std::string locale;
  std::string country;
};
// Errors: bad_request `malformed_event`.
result<profile_change> read_profile(const events::envelope& e);

}  // namespace oficio::auth
