#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/time.hpp"
#include "platform/json/reader.hpp"
#include "services/chat/offer.hpp"

namespace oficio::chat {

inline constexpr std::size_t longest_text = 5'000;  // characters
inline constexpr std::size_t longest_client_id = 200;
inline constexpr std::size_t most_files = 10;  // of a message

// What chat knows of an account: its own copy, fed by events. `handle` is the user name in lower
// case, for finding it.
struct person {
  std::string id;
  std::string username;
  std::string handle;
  std::optional<std::string> avatar;
  std::int64_t account_version = 0;  // of the last event that told of it
  std::int64_t profile_version = 0;
};
BOOST_DESCRIBE_STRUCT(person, (), (id, username, handle, avatar, account_version, profile_version))

struct party {
  std::string id;
  std::string username;

  friend bool operator==(const party&, const party&) = default;
};
BOOST_DESCRIBE_STRUCT(party, (), (id, username))

// Two people who talk. Its id follows from theirs, so that a pair has one.
struct conversation {
  std::string id;
  party starter;
  party partner;
  std::optional<std::string> gig_id;  // what it began about
  time_point created_at;

  bool has(const std::string& account_id) const {
    return starter.id == account_id || partner.id == account_id;
  }
  const party& other_than(const std::string& account_id) const {
    return starter.id == account_id ? partner : starter;
  }
};
BOOST_DESCRIBE_STRUCT(conversation, (), (id, starter, partner, gig_id, created_at))

// Numbered from 1 without gaps within its conversation. Nothing of it ever changes but the status
// of its offer: sums may rely on it.
struct message {
  std::string id;
  std::int64_t seq = 0;
  std::string conversation_id;
  std::string client_id;
  party from;
  std::string text;
  std::vector<std::string> files;
  std::optional<chat::offer> offer;
  time_point created_at;
};
BOOST_DESCRIBE_STRUCT(message, (),
                      (id, seq, conversation_id, client_id, from, text, files, offer, created_at))
// Do both say the same, so that one may be the other's repetition?
bool says_the_same(const message& one, const message& other);
// As people see it by that time: an offer that has run out is expired.
message seen_at(message m, time_point now);

// After how long a message that nobody has read is worth a notice.
inline constexpr std::chrono::minutes unread_patience{15};

// A conversation as one of its two sees it: what lists show, kept in step with the messages by
// include(), each exactly once.
struct membership {
  std::string id;
  std::string conversation_id;
  std::string account_id;
  party with;
  std::optional<std::string> gig_id;
  std::int64_t included_seq = 0;  // all messages up to here are in the sums below
  std::int64_t received = 0;      // messages from the other
  std::int64_t received_seq = 0;  // the last of them
  std::int64_t read_seq = 0;
  std::optional<time_point> read_at;  // when the mark came to read_seq; none before it moved
  std::int64_t received_read = 0;     // messages from the other up to read_seq
  bool has_unread = false;            // for the index: unread() > 0
  // A notice of unread messages goes out then; `notified` until all are read, so that there is one.
  std::optional<time_point> notice_due_at;
  bool notified = false;
  std::optional<message> last_message;
  time_point updated_at;

  std::int64_t unread() const { return received > received_read ? received - received_read : 0; }
};
BOOST_DESCRIBE_STRUCT(membership, (),
                      (id, conversation_id, account_id, with, gig_id, included_seq, received,
                       received_seq, read_seq, read_at, received_read, has_unread, notice_due_at,
                       notified, last_message, updated_at))

std::string conversation_id_of(const std::string& one, const std::string& other);
std::string membership_id_of(const std::string& conversation_id, const std::string& account_id);
std::string handle_of(std::string_view username);
// Can an account have this user name? What cannot be is not waited for.
bool may_be_username(std::string_view text);

membership new_membership(const conversation& c, const std::string& account_id);
// Counts the message in if it is the next one. False if it was counted already or one is missing.
bool include(membership& m, const message& next);
// The mark moves forward to `seq`, now, which leaves `received_read` messages of the other's read,
// and perhaps others, the first of them from `waiting_since`. False if it is there already.
bool mark_read(membership& m, std::int64_t seq, time_point now, std::int64_t received_read,
               std::optional<time_point> waiting_since = std::nullopt);
// The notice goes out: none is due until all is read. False if it is not due by that time.
bool take_notice(membership& m, time_point now);

// What people send.
struct new_conversation {
  std::string with;  // a user name
  std::optional<std::string> gig_id;
};
BOOST_DESCRIBE_STRUCT(new_conversation, (), (with, gig_id))
void check(const new_conversation& input, json::violations& out);

struct new_message {
  std::string text;  // may be empty when there are files
  std::optional<std::string> client_id;
  std::optional<std::vector<std::string>> files;
};
BOOST_DESCRIBE_STRUCT(new_message, (), (text, client_id, files))
void check(const new_message& input, json::violations& out);

struct read_mark {
  std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(read_mark, (), (seq))
void check(const read_mark& input, json::violations& out);

// What people are shown.
struct shown_party {
  std::string id;
  std::string username;
  std::optional<std::string> avatar;
};
BOOST_DESCRIBE_STRUCT(shown_party, (), (id, username, avatar))

// How far somebody has read, and when they came there.
struct shown_mark {
  std::int64_t seq = 0;
  time_point at;
};
BOOST_DESCRIBE_STRUCT(shown_mark, (), (seq, at))

struct shown_conversation {
  std::string id;
  shown_party with;
  std::optional<message> last_message;
  std::int64_t unread = 0;
  time_point updated_at;
  std::optional<std::string> gig_id;
  std::optional<shown_mark> seen;  // by the other
  bool blocked = false;            // the other, by whom it is shown to
};
BOOST_DESCRIBE_STRUCT(shown_conversation, (),
                      (id, with, last_message, unread, updated_at, gig_id, seen, blocked))

}  // namespace oficio::chat
