#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe.hpp>

#include "platform/base/time.hpp"
#include "services/users/notice.hpp"

namespace oficio::users {

// How long and how much a feed keeps; what is older is taken out.
inline constexpr std::chrono::days longest_memory{90};
inline constexpr std::int64_t most_entries = 500;  // an account

// How many mails of a kind an account gets in an hour. Those beyond are not sent: they would be as
// many reasons to call all of them spam, and the feed has what they say.
inline constexpr std::int64_t most_mails = 20;
inline constexpr std::chrono::hours mails_counted_for{1};

// An entry of somebody's feed: what happened to them. Its words never change. Only the entry of a
// conversation comes again: it moves to the top when somebody writes after it was read.
struct activity {
  std::string id;
  std::string account_id;
  std::string kind;    // "order.paid"
  std::string text;    // in the person's language
  std::string link;    // a path of the web application
  time_point at;       // when it happened
  time_point told_at;  // when it came into the feed: its place there
  bool read = false;   // by itself; all up to profile::read_until are, too

  // Of a conversation's entry: the last message that was told, the last one that was seen there,
  // and the event that last made a mail of it.
  std::int64_t told_seq = 0;
  std::int64_t seen_seq = 0;
  std::string mailed_by;

  // The last mail that was made of it: when, and of what kind for people (group_of).
  std::optional<time_point> mailed_at;
  std::string mailed_as;

  bool is_read(const std::optional<time_point>& read_until) const {
    return read || (read_until && told_at <= *read_until);
  }
};
BOOST_DESCRIBE_STRUCT(activity, (),
                      (id, account_id, kind, text, link, at, told_at, read, told_seq, seen_seq,
                       mailed_by, mailed_at, mailed_as))

// Where something that is told now comes into the feed: behind all that was read in one go.
time_point place_in_feed(const profile& to, time_point now);

// The same notice gives the same entry, however often it is told.
activity entry_of(const notice& n, const profile& to, time_point now);

json::object view_of(const activity& entry, bool read);

}  // namespace oficio::users
