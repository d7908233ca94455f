#pragma once

#include "services/notifications/mail.hpp"

namespace oficio::notifications {

// The code of a sign-in from an unknown device (auth.signin.challenged). `code` in the clear.
letter sign_in_code_letter(const json::object& data, const std::string& code);
// The link that sets a new password (auth.password.reset_requested). `token` in the clear.
letter reset_letter(const json::object& data, const std::string& token,
                    const std::string& public_url);
// That the password was changed (auth.password.changed).
letter password_changed_letter(const json::object& data, const std::string& public_url);

}  // namespace oficio::notifications
