#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "conformance/support.hpp"
#include "platform/base/clock.hpp"
#include "platform/sql/database.hpp"
#include "platform/sql/outbox.hpp"

namespace oficio::sql::conformance {

using oficio::conformance::run;
using oficio::conformance::run_all;

// How a driver under test is made. The same folder names the same database again, a new one an
// empty database.
struct driver_under_test {
  std::string name;
  std::function<std::unique_ptr<database>(const std::string& folder, runtime::blocking_pool& pool)>
      make;
};

class sql_conformance : public testing::TestWithParam<driver_under_test> {
 protected:
  void SetUp() override;

  // Closes the database and opens it again.
  void restart();
  // Migrates to the tables that the tests work on: counters(id, n) and the outbox.
  void make_tables();
  std::vector<migration> tables() const;

  result<void> insert(const std::string& id, std::int64_t n);
  std::int64_t count();
  std::int64_t value_of(const std::string& id);

  // What migrate() throws; empty if it does not.
  std::string migrating(const std::vector<migration>& history);

  database& db() { return *database_; }
  std::string for_update() const;

  context ctx_ = context::for_system();
  wall_clock clock_;

 private:
  oficio::conformance::temporary_folder folder_;
  runtime::blocking_pool pool_{"database", 4, 256};
  std::unique_ptr<database> database_;
};

}  // namespace oficio::sql::conformance
