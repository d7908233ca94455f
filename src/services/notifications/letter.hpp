#pragma once

#include <string>
#include <vector>

#include "platform/base/money.hpp"
#include "platform/base/time.hpp"
#include "platform/mail/transport.hpp"

namespace oficio::notifications {

// What a mail says, before it has a form. Texts are plain and may hold whatever people wrote: the
// form makes them harmless. Pure: no clock, no I/O.
struct letter {
  std::string locale;  // "en" or "es"; another falls back to "en"
  std::string to;
  std::string username;
  std::string subject;
  std::vector<std::string> paragraphs;
  std::string code = {};                // shown large
  std::string quote = {};               // what somebody wrote
  std::vector<std::string> after = {};  // paragraphs behind the two
  struct detail {
    std::string label;
    std::string value;
  };
  std::vector<detail> details = {};
  std::string action = {};  // the button's words; empty: no button
  std::string url = {};     // where the button leads
  std::string note = {};    // in small print
  // Where mails of this kind are ended, and where all such wishes are; empty: this one cannot be.
  std::string unsubscribe_url = {};
  std::string settings_url = {};
};

// Both forms, text and HTML, from auto-escaping templates that all mails share. `id` becomes the
// Message-ID's left part.
mail::message compose(const letter& l, std::string id);

bool is_spanish(std::string_view locale);
// Words in one of the two languages.
struct both {
  std::string_view en;
  std::string_view es;
  std::string in(std::string_view locale) const {
    return std::string(is_spanish(locale) ? es : en);
  }
};

// "31 January 2026, 09:30 UTC", "31 de enero de 2026, 09:30 UTC".
std::string shown_time(time_point t, std::string_view locale);
// "1234.05 USD", "1234,05 USD".
std::string shown_money(const money& m, std::string_view locale);

}  // namespace oficio::notifications
