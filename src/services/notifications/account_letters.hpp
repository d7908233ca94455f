#pragma once

#include <optional>

#include <boost/describe.hpp>

#include "platform/json/json.hpp"
#include "services/notifications/letter.hpp"

namespace oficio::notifications {

// What auth's events tell, besides the secret.
struct account_news {
  std::string username;
  std::string email;
  std::string locale;
  std::optional<time_point> not_after;   // until when the secret is good
  std::optional<time_point> changed_at;  // of a password
  std::string device;                    // how the device called itself, if it did
};
BOOST_DESCRIBE_STRUCT(account_news, (), (username, email, locale, not_after, changed_at, device))

// The link that confirms an address (auth.email.verification_requested). `token` in the clear.
letter verification_letter(const account_news& news, const std::string& token,
                           const std::string& public_url);
// The code of a sign-in from an unknown device (auth.signin.challenged). `code` in the clear.
letter sign_in_code_letter(const account_news& news, const std::string& code,
                           const std::string& public_url);
// The link that sets a new password (auth.password.reset_requested). `token` in the clear.
letter reset_letter(const account_news& news, const std::string& token,
                    const std::string& public_url);
// That the password was changed (auth.password.changed).
letter password_changed_letter(const account_news& news, const std::string& public_url);

}  // namespace oficio::notifications
