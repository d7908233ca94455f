#pragma once

#include "platform/hosting/service.hpp"
#include "platform/security/access_token.hpp"
#include "platform/security/password.hpp"
#include "platform/sql/database.hpp"
#include "services/auth/limits.hpp"

namespace oficio::auth {

// The references must outlive the service.
struct parts {
  sql::database& database;
  security::signing_keys& keys;
  security::password_hasher& passwords;
  auth::limits limits = {};
};

// Accounts, sessions, tokens, passwords. Migrates its database, and throws std::runtime_error if it
// cannot.
hosting::service make(const hosting::environment& env, parts p);

}  // namespace oficio::auth
