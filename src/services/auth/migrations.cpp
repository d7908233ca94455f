#include "services/auth/migrations.hpp"

#include "platform/sql/outbox.hpp"

namespace oficio::auth {
namespace {

// One text for SQLite, MySQL and PostgreSQL. Times are milliseconds since 1970; ended_at and
// used_at are 0 until it happens. Tokens are kept as SHA-256 digests alone.
constexpr const char* first = R"(
CREATE TABLE accounts (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  username VARCHAR(30) NOT NULL,
  username_key VARCHAR(30) NOT NULL,
  email VARCHAR(254) NOT NULL,
  email_key VARCHAR(254) NOT NULL,
  password_hash VARCHAR(255) NOT NULL,
  email_verified SMALLINT NOT NULL,
  roles VARCHAR(200) NOT NULL,
  locale VARCHAR(10) NOT NULL,
  country VARCHAR(2) NOT NULL,
  version BIGINT NOT NULL,
  profile_version BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_username ON accounts (username_key);
CREATE UNIQUE INDEX accounts_email ON accounts (email_key);
CREATE TABLE sessions (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  account_id VARCHAR(36) NOT NULL,
  refresh_digest VARCHAR(64) NOT NULL,
  device VARCHAR(100) NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_refresh ON sessions (refresh_digest);
CREATE INDEX sessions_account ON sessions (account_id, ended_at, last_used_at);
CREATE INDEX sessions_ended ON sessions (ended_at);
CREATE INDEX sessions_expires ON sessions (expires_at);
CREATE TABLE spent_tokens (
  digest VARCHAR(64) NOT NULL PRIMARY KEY,
  session_id VARCHAR(36) NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX spent_tokens_expires ON spent_tokens (expires_at);
CREATE TABLE email_tokens (
  digest VARCHAR(64) NOT NULL PRIMARY KEY,
  account_id VARCHAR(36) NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE INDEX email_tokens_expires ON email_tokens (expires_at);
CREATE TABLE devices (
  digest VARCHAR(64) NOT NULL PRIMARY KEY,
  account_id VARCHAR(36) NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX devices_account ON devices (account_id, expires_at);
CREATE INDEX devices_expires ON devices (expires_at);
)";

// Codes of sign-ins from unknown devices, and links that set a new password. A request for an
// address that nobody has is kept like any other, for an account that is not there.
constexpr const char* second = R"(
CREATE TABLE challenges (
  digest VARCHAR(64) NOT NULL PRIMARY KEY,
  account_id VARCHAR(36) NOT NULL,
  code_digest VARCHAR(64) NOT NULL,
  device VARCHAR(100) NOT NULL,
  tries SMALLINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE INDEX challenges_account ON challenges (account_id, created_at);
CREATE INDEX challenges_expires ON challenges (expires_at);
CREATE TABLE reset_tokens (
  digest VARCHAR(64) NOT NULL PRIMARY KEY,
  account_id VARCHAR(36) NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE INDEX reset_tokens_account ON reset_tokens (account_id);
CREATE INDEX reset_tokens_expires ON reset_tokens (expires_at);
)";

// One row: the keys that sign access tokens, sealed.
constexpr const char* third = R"(
CREATE TABLE signing_keys (
  id SMALLINT NOT NULL PRIMARY KEY,
  sealed VARCHAR(8000) NOT NULL
);
)";

}  // namespace

std::vector<sql::migration> migrations(sql::dialect d) {
  return {{1, "accounts", first + sql::outbox_table(d)},
          {2, "codes and resets", second},
          {3, "signing keys", third}};
}

}  // namespace oficio::auth
