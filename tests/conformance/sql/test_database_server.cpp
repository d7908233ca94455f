#include <optional>
#include <vector>

#include <soci/soci.h>
#include <stdlib.h>

#include "conformance/support.hpp"
#include "real_server.hpp"
#include "test_database.hpp"

namespace oficio::sql::conformance {
namespace {

std::vector<std::string> texts(soci::session& session, const std::string& query) {
  std::vector<std::string> out;
  std::string one;
  soci::statement rows = (session.prepare << query, soci::into(one));
  rows.execute();
  while (rows.fetch()) out.push_back(one);
  return out;
}

result<std::string> all_rows(soci::session& session, dialect d) {
  std::string own = d == dialect::mysql ? "DATABASE()" : "'public'";
  std::string kept;
  for (const auto& table :
       texts(session,
             "SELECT table_name FROM information_schema.tables WHERE table_schema = " + own)) {
    std::string columns;
    for (const auto& column : texts(session,
                                    "SELECT column_name FROM information_schema.columns WHERE "
                                    "table_schema = " +
                                        own + " AND table_name = '" + table + "'")) {
      columns += ", " + column;
    }
    for (const auto& row : texts(session, "SELECT CONCAT_WS(' '" + columns + ") FROM " + table)) {
      kept += row + "\n";
    }
  }
  return kept;
}

// Making a service's tables takes a second; emptying them does not.
result<void> empty_tables(soci::session& session, dialect d) {
  bool mysql = d == dialect::mysql;
  std::string own = mysql ? "DATABASE()" : "'public'";
  std::string all;
  for (const auto& table :
       texts(session,
             "SELECT table_name FROM information_schema.tables WHERE table_schema = " + own)) {
    if (table.starts_with("schema_migration")) continue;
    all += (all.empty() ? "" : ", ") + table;
    if (mysql) session << "DELETE FROM " + table;
  }
  if (!mysql) session << "TRUNCATE " + all + " RESTART IDENTITY";
  return {};
}

config::server_address empty_one() {
  static std::optional<config::server_address> made;
  if (!made) {
    made = empty_database(::getenv("OFICIO_TEST_MYSQL") ? "mysql" : "postgresql", "oficio_test");
    return *made;
  }
  runtime::blocking_pool pool{"emptying", 1, 8};
  auto db = open_database(*made, pool);
  oficio::conformance::run(db->write(context::for_system(), [&](soci::session& s) {
    if (db->dialect() == dialect::mysql) s << "SET SESSION foreign_key_checks = 0";
    return empty_tables(s, db->dialect());
  })).value();
  return *made;
}

}  // namespace

struct test_database::place {
  config::server_address address;
};

test_database::test_database() : place_(std::make_unique<place>(empty_one())) {}
test_database::~test_database() = default;

std::unique_ptr<database> test_database::open(runtime::blocking_pool& pool) const {
  return open_database(place_->address, pool);
}

std::string test_database::contents() const {
  runtime::blocking_pool pool{"looking", 1, 8};
  auto db = open(pool);
  return oficio::conformance::run(
             db->read(context::for_system(),
                      [&](soci::session& session) { return all_rows(session, db->dialect()); }))
      .value();
}

}  // namespace oficio::sql::conformance
