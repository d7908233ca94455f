#pragma once

#include <optional>
#include <string>

#include <boost/describe.hpp>

#include "services/chat/conversation.hpp"

namespace oficio::chat {

// Somebody wants to hear nothing of another. It holds both ways until they take it back.
struct block {
  std::string id;
  std::string by;
  party whom;
  time_point at;
};
BOOST_DESCRIBE_STRUCT(block, (), (id, by, whom, at))

std::string block_id_of(const std::string& by, const std::string& whom);

// A message that its receiver shows to the operators. One a message: it has two people, and nobody
// reports their own.
struct report {
  std::string id;  // of the message
  chat::message message;
  party by;
  std::string reason;
  time_point created_at;
};
BOOST_DESCRIBE_STRUCT(report, (), (id, message, by, reason, created_at))

struct new_report {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(new_report, (), (reason))
void check(const new_report& input, json::violations& out);

// What people are shown.
struct shown_block {
  std::string id;  // of the blocked account
  std::string username;
  std::optional<std::string> avatar;
  time_point blocked_at;
};
BOOST_DESCRIBE_STRUCT(shown_block, (), (id, username, avatar, blocked_at))

}  // namespace oficio::chat
