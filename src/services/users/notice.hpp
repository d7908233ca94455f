#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/base/money.hpp"
#include "platform/base/time.hpp"
#include "platform/events/envelope.hpp"
#include "services/users/profile.hpp"

namespace oficio::users {

// Something that a person should hear of, before it is put into words.
struct notice {
  std::string id;    // the same however often it is told
  std::string kind;  // "order.paid"; what is before the dot is what people may silence
  std::string link;
  time_point at;
  std::string actor;  // the user name of who did it; empty: nobody did
  std::string title;  // of the gig or offer
  std::optional<money> amount;
  std::int64_t number = 0;  // stars of a review, days of an extension, unread messages
  json::object facts;       // what a mail or a client may want beside the text
};

// In the language of `locale`.
std::string text_of(const notice& n, std::string_view locale);

// "order" of "order.paid".
std::string group_of(std::string_view kind);

// Whether the person wants mail of it, and we know that the address is theirs.
bool is_mailed(const notice& n, const profile& to);

// The event users.notice.created for the feed's entry of that id. `unsubscribe` is the sealed token
// by which the reader of the mail ends mails of this kind; without `may_mail` there is none.
events::raised told(const std::string& entry_id, const notice& n, const profile& to,
                    std::string unsubscribe, bool may_mail = true);

}  // namespace oficio::users
