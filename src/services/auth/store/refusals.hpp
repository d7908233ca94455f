#pragma once

#include "platform/base/error.hpp"

// What more than one part of the store refuses with.
namespace oficio::auth {

inline error unknown_account() {
  return {errc::unauthorized, "unknown_account", "The account does not exist."};
}

// Also for a right password that was changed while it was looked at.
inline error invalid_credentials() {
  return {errc::unauthorized, "invalid_credentials",
          "The user name, e-mail address or password is wrong."};
}

}  // namespace oficio::auth
