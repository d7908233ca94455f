#pragma once

#include <string>

#include "platform/sql/database.hpp"

// What cannot be said in one SQL for all servers.
namespace oficio::sql {

dialect dialect_of(soci::session& session);

// Behind a SELECT: its rows are locked until the transaction ends. Nothing on SQLite, where a
// transaction is the only one that writes, from its beginning.
std::string for_update(soci::session& session);
// The same, but without the rows that others have locked.
std::string for_update_skip_locked(soci::session& session);

// Behind an INSERT: it does nothing if a row with that unique `column` is there already.
std::string unless_there(soci::session& session, const std::string& column);

}  // namespace oficio::sql
