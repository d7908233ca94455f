#include <atomic>
#include <fstream>
#include <thread>

#include "drivers/embedded/sql/sql.hpp"
#include "sql_conformance.hpp"

namespace oficio::sql::conformance {
namespace {

std::unique_ptr<database> make(const std::string& folder, runtime::blocking_pool& pool) {
  return embedded::make_sql(folder + "/a folder/test.db", pool);
}

class embedded_sql : public testing::Test {
 protected:
  oficio::conformance::temporary_folder folder_;
  runtime::blocking_pool pool_{"database", 4, 256};
  context ctx_ = context::for_system();
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(embedded, sql_conformance,
                         testing::Values(driver_under_test{"sqlite", make}),
                         [](const auto& info) { return info.param.name; });

TEST_F(embedded_sql, a_writer_that_finds_another_at_work_gives_up_at_its_deadline) {
  auto db = make(folder_.path(), pool_);
  std::atomic<bool> inside = false;
  std::atomic<bool> leave = false;
  std::jthread holder([&] {
    auto done = run(db->write(ctx_, [&](soci::session&) -> result<void> {
      inside = true;
      inside.notify_all();
      leave.wait(false);
      return {};
    }));
    EXPECT_TRUE(done.has_value());
  });
  inside.wait(false);
  auto hurried = context::for_system(std::chrono::milliseconds(50));
  auto late = run(db->write(hurried, [](soci::session&) -> result<void> { return {}; }));
  auto read = run(db->read(hurried, [](soci::session&) -> result<int> { return 1; }));
  leave = true;
  leave.notify_all();
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().kind, errc::timeout);
  EXPECT_EQ(late.error().code, "deadline_exceeded");
}

TEST_F(embedded_sql, a_file_that_another_process_holds_is_unavailable) {
  auto db = make(folder_.path(), pool_);
  auto other = make(folder_.path(), pool_);
  auto done = run(db->write(ctx_, [&](soci::session&) -> result<void> {
    auto hurried = context::for_system(std::chrono::milliseconds(50));
    auto busy = run(other->write(hurried, [](soci::session&) -> result<void> { return {}; }));
    EXPECT_FALSE(busy.has_value());
    EXPECT_EQ(busy.error().kind, errc::unavailable);
    EXPECT_EQ(busy.error().code, "database_unavailable");
    return {};
  }));
  EXPECT_TRUE(done.has_value());
}

TEST_F(embedded_sql, reading_sessions_refuse_to_write) {
  auto db = make(folder_.path(), pool_);
  db->migrate({{1, "one", "CREATE TABLE things (id INTEGER);\n"}});
  auto done = run(db->read(ctx_, [](soci::session& session) -> result<void> {
    session << "INSERT INTO things VALUES (1)";
    return {};
  }));
  EXPECT_FALSE(done.has_value());
}

TEST_F(embedded_sql, a_migration_that_fails_half_way_leaves_nothing_behind) {
  auto db = make(folder_.path(), pool_);
  sql::migration broken{1, "one", "CREATE TABLE things (id INTEGER);\nCREATE TABL oops;\n"};
  EXPECT_THROW(db->migrate({broken}), std::runtime_error);
  sql::migration mended{1, "one", "CREATE TABLE things (id INTEGER);\n"};
  EXPECT_NO_THROW(db->migrate({mended}));
}

TEST_F(embedded_sql, two_programs_that_start_at_once_migrate_once) {
  auto db = make(folder_.path(), pool_);
  auto other = make(folder_.path(), pool_);
  std::vector<sql::migration> history;
  for (int n = 1; n <= 20; ++n) {
    auto table = "t" + std::to_string(n);
    history.push_back({n, table, "CREATE TABLE " + table + " (id INTEGER);\n"});
  }
  std::jthread second([&] { EXPECT_NO_THROW(other->migrate(history)); });
  EXPECT_NO_THROW(db->migrate(history));
}

TEST_F(embedded_sql, foreign_keys_hold_and_every_commit_is_synced) {
  auto db = make(folder_.path(), pool_);
  auto pragma = [&](std::string name) {
    return run(db->write(ctx_,
                         [name](soci::session& session) -> result<std::string> {
                           std::string value;
                           session << "PRAGMA " + name, soci::into(value);
                           return value;
                         }))
        .value();
  };
  EXPECT_EQ(pragma("foreign_keys"), "1");
  EXPECT_EQ(pragma("synchronous"), "2");
  EXPECT_EQ(pragma("journal_mode"), "wal");
}

TEST_F(embedded_sql, a_file_that_is_no_database_stops_the_start_with_its_name) {
  std::filesystem::create_directories(folder_.path() + "/a folder");
  std::ofstream(folder_.path() + "/a folder/test.db") << std::string(4'096, 'x');
  try {
    make(folder_.path(), pool_);
    FAIL() << "it was opened";
  } catch (const std::runtime_error& e) {
    EXPECT_NE(std::string(e.what()).find("a folder/test.db"), std::string::npos) << e.what();
  }
}

}  // namespace oficio::sql::conformance
