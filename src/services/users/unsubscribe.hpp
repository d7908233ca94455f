#pragma once

#include <optional>
#include <string>

#include "platform/security/cursor.hpp"

namespace oficio::users {

// Whose mails of which kind (profile.hpp, notice_groups) a token ends.
struct subscription_ref {
  std::string account_id;
  std::string kind;
};

// Tokens in the links at the foot of mails: signed, good for one person and kind, without an end,
// since a mail may be read years later. Whoever has the mail may end mails of its kind, and nothing
// else.
class unsubscribe_tokens {
 public:
  // `seal_key`: 32 bytes.
  unsubscribe_tokens(std::string key, std::string seal_key)
      : signer_(std::move(key)), seal_key_(std::move(seal_key)) {}

  std::string make(const subscription_ref& of) const;
  // As it travels in an event, for notifications alone to open.
  std::string make_sealed(const subscription_ref& of) const;
  // Errors: bad_request `bad_token`.
  result<subscription_ref> read(std::string_view token) const;

 private:
  security::cursor_signer signer_;
  std::string seal_key_;
};

// Pages for the people who follow the link: one that asks, and one that says it is done. `token`
// must be a good one: it is written into the page as it is.
std::string asking_page(const std::string& token, std::string_view kind, std::string_view locale);
std::string done_page(std::string_view kind, std::string_view locale);

}  // namespace oficio::users
