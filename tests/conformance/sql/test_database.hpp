#pragma once

#include <memory>
#include <string>

#include "platform/sql/database.hpp"

namespace oficio::sql::conformance {

// The database that a service's tests run on: SQLite, or the server that they were started beside.
// What the program is linked with decides (tests_sql_embedded, tests_sql_servers).
class test_database {
 public:
  test_database();  // an empty one
  ~test_database();
  test_database(const test_database&) = delete;
  test_database& operator=(const test_database&) = delete;

  // The same one each time, as another process or a later start would open it.
  std::unique_ptr<database> open(runtime::blocking_pool& pool) const;
  // All that is kept in it, in some form that has its texts as they are.
  std::string contents() const;

 private:
  struct place;
  std::unique_ptr<place> place_;
};

}  // namespace oficio::sql::conformance
