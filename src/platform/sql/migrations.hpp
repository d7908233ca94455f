#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/sql/database.hpp"

namespace oficio::sql {

// A migration's text as statements, in order: cut at ";" before a line's end, without those that
// are only white space or comments ("-- …" lines). Knows nothing of quotes: no literal of a
// migration may hold a ";" before a line's end.
std::vector<std::string> split_statements(std::string_view text);

// SHA-256 of the statements, as hexadecimal digits.
std::string checksum(const migration& m);

// How a driver takes the lock that lets one process at a time migrate, and keeps or undoes a step.
struct migration_lock {
  std::function<void()> begin;
  std::function<void()> commit;
  std::function<void()> rollback;  // must not throw
};

// What a driver does otherwise.
struct migration_ways {
  // Gives a statement what this database needs beside it. Checksums are those of the text before.
  std::function<std::string(std::string)> dress = nullptr;
  // Set where each change of the schema commits at once, so that a migration that was interrupted
  // leaves its first half behind: how far it came is then kept beside it, and the rest is done by
  // whoever migrates next. True if the error says that what the statement makes is there already
  // (it was done, and the process died before it had kept that).
  std::function<bool(const soci::soci_error&)> done_before = nullptr;
};

// What drivers' migrate() does: applies what the table schema_migrations does not name yet, each
// migration between a begin() and a commit(). Throws std::runtime_error with a line that names the
// migration and says why: its SQL fails, its text has changed since, the database knows a migration
// that `history` does not, the half of one is there whose text has changed since, or the numbers of
// `history` do not rise.
void apply_migrations(soci::session& session, const std::vector<migration>& history,
                      const migration_lock& lock, const migration_ways& ways = {});

}  // namespace oficio::sql
