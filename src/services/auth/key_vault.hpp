#pragma once

#include <string>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"
#include "platform/security/access_token.hpp"
#include "platform/sql/database.hpp"

namespace oficio::auth {

// The keys that sign access tokens, in auth's database: all instances sign with the same ones, and
// know a new one in time. They are sealed, so that a copy of the database does not give them away.
// The database must have been migrated. Errors, besides those of sql::database: internal
// `sealed_otherwise` (another seal_key was in force when they were written), `bad_signing_keys`.
class key_vault {
 public:
  // `db` outlives it.
  key_vault(sql::database& db, const std::string& seal_key);

  // As security::signing_keys reads it. Error: not_found (there were never any).
  awaitable<result<std::string>> read(const context& ctx) const;
  // What is there, or `first`, which is then there for everybody.
  awaitable<result<std::string>> read_or_keep(const context& ctx, std::string first) const;
  // Adds a key. Errors: not_found; conflict `too_many_keys`.
  awaitable<result<security::key_rotation>> rotate(const context& ctx, time_point now) const;

 private:
  result<std::string> open(const std::string& sealed) const;

  sql::database& db_;
  std::string key_;
};

// Adds a key beside running instances, which take it up within seconds. Migrates the database.
awaitable<result<security::key_rotation>> rotate_signing_keys(sql::database& database,
                                                              const wall_clock& clock,
                                                              const context& ctx,
                                                              std::string seal_key);
// For whoever runs the market and must prove it. Migrates the database.
awaitable<result<std::string>> read_signing_keys(sql::database& database, const wall_clock& clock,
                                                 const context& ctx, std::string seal_key);

}  // namespace oficio::auth
