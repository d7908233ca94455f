#pragma once

#include <string>

#include "platform/hosting/service.hpp"
#include "platform/security/access_token.hpp"
#include "platform/security/password.hpp"
#include "platform/sql/database.hpp"
#include "services/auth/limits.hpp"

namespace oficio::auth {

// The references must outlive the service.
struct parts {
  sql::database& database;
  security::signing_keys& keys;  // filled at the start, from the database
  security::password_hasher& passwords;
  auth::limits limits = {};
  std::string first_keys = {};  // with which a new database begins; empty: with a new one
};

// Accounts, sessions, tokens, passwords. Migrates its database, and throws std::runtime_error if it
// cannot.
hosting::service make(const hosting::environment& env, parts p);

}  // namespace oficio::auth
