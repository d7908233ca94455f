#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe.hpp>

#include "platform/base/money.hpp"
#include "platform/base/time.hpp"
#include "platform/events/envelope.hpp"
#include "services/users/profile.hpp"

namespace oficio::users {

// An entry of somebody's feed: what happened to them. Never changed once it is written.
struct activity {
  std::string id;
  std::string account_id;
  std::string kind;    // "order.paid"
  std::string text;    // in the person's language
  std::string link;    // a path of the web application
  time_point at;       // when it happened
  time_point told_at;  // when it came into the feed: its place there, and what "read" goes by
};
BOOST_DESCRIBE_STRUCT(activity, (), (id, account_id, kind, text, link, at, told_at))

// Something that a person should hear of, before it is put into words.
struct notice {
  std::string id;    // the same however often it is told
  std::string kind;  // "order.paid"; what is before the dot is what people may silence
  std::string link;
  time_point at;
  std::string actor;  // the user name of who did it; empty: nobody did
  std::string title;  // of the gig
  std::optional<money> amount;
  std::int64_t rating = 0;
  json::object facts;  // what a mail or a client may want beside the text
};

// In the language of `locale`.
std::string text_of(const notice& n, std::string_view locale);

activity entry_of(const notice& n, const profile& to, time_point now);
// The event users.notice.created that goes with the entry.
events::raised told(const activity& entry, const notice& n, const profile& to);

json::object view_of(const activity& entry, bool read);

}  // namespace oficio::users
