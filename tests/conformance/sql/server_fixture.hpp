#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "conformance/support.hpp"
#include "real_server.hpp"

namespace oficio::sql::conformance {

using oficio::conformance::run;
using oficio::conformance::run_all;
using namespace std::chrono_literals;

inline std::vector<std::string> servers_beside() {
  std::vector<std::string> out;
  if (::getenv("OFICIO_TEST_MYSQL")) out.emplace_back("mysql");
  if (::getenv("OFICIO_TEST_POSTGRESQL")) out.emplace_back("postgresql");
  return out;
}

// What the tests work on: kept(id, n) with the rows a and b, and texts(t, long_one, small).
inline migration tables_of_tests() {
  return {
      1, "tables",
      "CREATE TABLE kept (id VARCHAR(20) NOT NULL PRIMARY KEY, n BIGINT NOT NULL);\n"
      "INSERT INTO kept (id, n) VALUES ('a', 0), ('b', 0);\n"
      "CREATE TABLE texts (t VARCHAR(40) NOT NULL PRIMARY KEY, long_one TEXT, small SMALLINT);\n"};
}

// A new database on the server of that kind.
class server_test : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    address_ = empty_database(GetParam(), "oficio_server");
    db_ = open();
    db_->migrate({tables_of_tests()});
  }

  bool is_mysql() const { return GetParam() == "mysql"; }
  std::unique_ptr<database> open(const std::string& pool = "8") {
    auto to = address_;
    to.options["pool"] = pool;
    return open_database(to, pool_);
  }

  static context within(std::chrono::milliseconds patience) {
    return context::for_system(patience);
  }
  static result<void> do_in(soci::session& session, const std::string& statement) {
    session << statement;
    return {};
  }
  result<void> write(const std::string& statement, std::chrono::milliseconds patience = 10s) {
    return run(db_->write(within(patience),
                          [=](soci::session& session) { return do_in(session, statement); }));
  }
  result<std::int64_t> number(const std::string& query, std::chrono::milliseconds patience = 10s) {
    return run(db_->read(within(patience), [=](soci::session& s) -> result<std::int64_t> {
      long long n = -1;
      s << query, soci::into(n);
      return n;
    }));
  }
  std::int64_t value_of(const std::string& id) {
    return number("SELECT n FROM kept WHERE id = '" + id + "'").value();
  }

  // What migrate() throws; empty if it does not.
  static std::string migrating(database& db, const std::vector<migration>& history) {
    try {
      db.migrate(history);
      return {};
    } catch (const std::runtime_error& e) {
      return e.what();
    }
  }

  // stop, kill, start, pause or resume the server.
  void control(const std::string& what) {
    auto command = std::string(::getenv("OFICIO_TEST_CONTROL")) + " " + what + " " + GetParam();
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }

  runtime::blocking_pool pool_{"database", 16, 256};
  config::server_address address_;
  std::unique_ptr<database> db_;
};

}  // namespace oficio::sql::conformance
