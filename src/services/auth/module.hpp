#pragma once

#include "platform/hosting/service.hpp"
#include "platform/security/access_token.hpp"
#include "platform/security/password.hpp"
#include "platform/sql/database.hpp"

namespace oficio::auth {

// All must outlive the service.
struct parts {
  sql::database& database;
  security::signing_keys& keys;
  security::password_hasher& passwords;
};

// Accounts, sessions, tokens, passwords. Migrates its database, and throws std::runtime_error if it
// cannot.
hosting::service make(const hosting::environment& env, parts p);

}  // namespace oficio::auth
