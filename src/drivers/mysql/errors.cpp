#include "drivers/mysql/errors.hpp"

#include <algorithm>
#include <array>

namespace oficio::mysql {
namespace {

using sql::trouble;

// The numbers of MySQL and MariaDB, by their names there. The client's own begin with 2000.
struct meaning {
  unsigned number;
  trouble what;
};
constexpr std::array meanings{
    meaning{1062, trouble::duplicate},  // ER_DUP_ENTRY
    meaning{1586, trouble::duplicate},  // ER_DUP_ENTRY_WITH_KEY_NAME
    meaning{1020, trouble::again},      // ER_CHECKREAD: changed since it was read
    meaning{1213, trouble::again},      // ER_LOCK_DEADLOCK
    meaning{1205, trouble::late},       // ER_LOCK_WAIT_TIMEOUT
    meaning{1317, trouble::late},       // ER_QUERY_INTERRUPTED
    meaning{1969, trouble::late},       // ER_STATEMENT_TIMEOUT (MariaDB)
    meaning{3024, trouble::late},       // ER_QUERY_TIMEOUT (MySQL)
    meaning{1021, trouble::busy},       // ER_DISK_FULL
    meaning{1040, trouble::busy},       // ER_CON_COUNT_ERROR
    meaning{1114, trouble::busy},       // ER_RECORD_FILE_FULL
    meaning{1203, trouble::busy},       // ER_TOO_MANY_USER_CONNECTIONS
    meaning{1290, trouble::busy},       // ER_OPTION_PREVENTS_STATEMENT: --read-only
    meaning{1792, trouble::busy},       // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
    meaning{1836, trouble::busy},       // ER_READ_ONLY_MODE
    meaning{1053, trouble::lost},       // ER_SERVER_SHUTDOWN
    meaning{1927, trouble::lost},       // ER_CONNECTION_KILLED
    meaning{4031, trouble::lost},       // ER_CLIENT_INTERACTION_TIMEOUT
    meaning{2002, trouble::lost},       // CR_CONNECTION_ERROR
    meaning{2003, trouble::lost},       // CR_CONN_HOST_ERROR
    meaning{2006, trouble::lost},       // CR_SERVER_GONE_ERROR
    meaning{2012, trouble::lost},       // CR_SERVER_HANDSHAKE_ERR
    meaning{2013, trouble::lost},       // CR_SERVER_LOST
    meaning{2014, trouble::lost},       // CR_COMMANDS_OUT_OF_SYNC: its thread was broken off
    meaning{2026, trouble::lost},       // CR_SSL_CONNECTION_ERROR
    meaning{2027, trouble::lost},       // CR_MALFORMED_PACKET
    meaning{2055, trouble::lost},       // CR_SERVER_LOST_EXTENDED
};

template <std::size_t N>
bool is_one_of(const soci::soci_error& e, const std::array<unsigned, N>& numbers) {
  auto* known = dynamic_cast<const soci::mysql_soci_error*>(&e);
  return known && std::ranges::find(numbers, known->err_num_) != numbers.end();
}

// "Duplicate entry 'ana@example.org' for key 'accounts_email'": the value is nobody's business.
std::string key_in(const std::string& message) {
  auto at = message.rfind("for key ");
  return at == std::string::npos ? "a unique key" : message.substr(at + 8);
}

}  // namespace

sql::problem judged(const soci::soci_error& e) {
  auto message = sql::one_line(e.get_error_message());
  auto* known = dynamic_cast<const soci::mysql_soci_error*>(&e);
  if (!known) return {trouble::other, message};
  auto found = std::ranges::find(meanings, known->err_num_, &meaning::number);
  if (found == meanings.end()) return {trouble::other, message};
  if (found->what == trouble::duplicate) return {found->what, key_in(message)};
  return {found->what, message};
}

bool refuses_us(const soci::mysql_soci_error& e) {
  // ER_DBACCESS_DENIED_ERROR, ER_ACCESS_DENIED_ERROR, ER_BAD_DB_ERROR, ER_HOST_NOT_PRIVILEGED,
  // ER_UNKNOWN_COLLATION, ER_UNKNOWN_SYSTEM_VARIABLE, ER_NOT_SUPPORTED_AUTH_MODE,
  // ER_ACCESS_DENIED_NO_PASSWORD_ERROR, ER_ACCOUNT_HAS_BEEN_LOCKED, CR_SSL_CONNECTION_ERROR,
  // CR_AUTH_PLUGIN_CANNOT_LOAD
  constexpr std::array<unsigned, 11> hopeless{1044, 1045, 1049, 1130, 1273, 1193,
                                              1251, 1698, 3118, 2026, 2059};
  return is_one_of(e, hopeless);
}

bool is_there_already(const soci::soci_error& e) {
  // ER_TABLE_EXISTS_ERROR, ER_BAD_TABLE_ERROR, ER_DUP_FIELDNAME, ER_DUP_KEYNAME,
  // ER_MULTIPLE_PRI_KEY, ER_CANT_DROP_FIELD_OR_KEY
  constexpr std::array<unsigned, 6> done{1050, 1051, 1060, 1061, 1068, 1091};
  return is_one_of(e, done);
}

}  // namespace oficio::mysql
