#pragma once

#include <string>

namespace oficio::gateway {

// The rooms of a person's sockets: all of an account, all of a session.
inline std::string room_of_account(const std::string& id) {
  return "a:" + id;
}
inline std::string room_of_session(const std::string& id) {
  return "s:" + id;
}

}  // namespace oficio::gateway
