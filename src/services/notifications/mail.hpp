#pragma once

#include <map>
#include <string>

#include "platform/base/result.hpp"
#include "platform/events/envelope.hpp"
#include "platform/json/json.hpp"
#include "platform/mail/transport.hpp"

namespace oficio::notifications {

// What a mail says, before it has a form. Pure: no clock, no I/O.
struct letter {
  std::string locale;  // "en" or "es"; another falls back to "en"
  std::string to;
  std::string username;
  std::string subject;
  std::string body;    // a paragraph
  std::string action;  // the button's words; empty: no button
  std::string url;     // where the button leads
};

// Both forms, text and HTML, from the same auto-escaping templates. `id` becomes the Message-ID's
// left part.
mail::message compose(const letter& l, std::string id);

// The letter that asks to confirm an address. `token` in the clear.
letter verification_letter(const json::object& data, const std::string& token,
                           const std::string& public_url);
// The letter for a notice (users.notice.created).
letter notice_letter(const json::object& data, const std::string& public_url);

}  // namespace oficio::notifications
