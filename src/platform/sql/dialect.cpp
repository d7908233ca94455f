#include "platform/sql/dialect.hpp"

namespace oficio::sql {

dialect dialect_of(soci::session& session) {
  auto name = session.get_backend_name();
  if (name == "mysql") return dialect::mysql;
  return name == "postgresql" ? dialect::postgresql : dialect::sqlite;
}

std::string for_update(soci::session& session) {
  return dialect_of(session) == dialect::sqlite ? "" : " FOR UPDATE";
}

std::string for_update_skip_locked(soci::session& session) {
  return dialect_of(session) == dialect::sqlite ? "" : " FOR UPDATE SKIP LOCKED";
}

std::string unless_there(soci::session& session, const std::string& column) {
  if (dialect_of(session) == dialect::mysql) {
    // Not INSERT IGNORE, which would keep what does not fit, cut to size.
    return " ON DUPLICATE KEY UPDATE " + column + " = " + column;
  }
  return " ON CONFLICT (" + column + ") DO NOTHING";
}

}  // namespace oficio::sql
