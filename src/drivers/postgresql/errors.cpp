#include "drivers/postgresql/errors.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "drivers/postgresql/backend.hpp"

namespace oficio::postgresql {
namespace {

using sql::trouble;

// SQLSTATE codes, or classes of them, the first that fits.
struct meaning {
  std::string_view state;
  trouble what;
};
constexpr std::array meanings{
    meaning{"23505", trouble::duplicate},  // unique_violation
    meaning{"40001", trouble::again},      // serialization_failure
    meaning{"40P01", trouble::again},      // deadlock_detected
    meaning{"55P03", trouble::late},       // lock_not_available
    meaning{"57014", trouble::late},       // query_canceled: statement_timeout
    meaning{"25006", trouble::busy},       // read_only_sql_transaction
    meaning{"25P03", trouble::lost},       // idle_in_transaction_session_timeout
    meaning{"22021", trouble::text},       // character_not_in_repertoire
    meaning{"53", trouble::busy},          // insufficient resources
    meaning{"58", trouble::busy},          // errors of the system
    meaning{"57P", trouble::lost},         // operator intervention: it stops, or has crashed
    meaning{"08", trouble::lost},          // connection exceptions
};

// "… violates unique constraint "accounts_email"": errors are terse, values are not in them.
std::string constraint_in(const std::string& message) {
  auto end = message.rfind('"');
  auto begin = end == std::string::npos || end == 0 ? end : message.rfind('"', end - 1);
  if (begin == std::string::npos) return "a unique constraint";
  return message.substr(begin + 1, end - begin - 1);
}

}  // namespace

sql::problem judged(const soci::soci_error& e, bool connected) {
  auto message = sql::one_line(e.get_error_message());
  if (dynamic_cast<const nul_in_text*>(&e)) return {trouble::text, message};
  auto* known = dynamic_cast<const soci::postgresql_soci_error*>(&e);
  auto state = known ? known->sqlstate() : std::string();
  auto found =
      std::ranges::find_if(meanings, [&](const meaning& m) { return state.starts_with(m.state); });
  if (found != meanings.end()) {
    if (found->what == trouble::duplicate) return {found->what, constraint_in(message)};
    return {found->what, message};
  }
  return {connected ? trouble::other : trouble::lost, message};
}

}  // namespace oficio::postgresql
