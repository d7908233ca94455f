#include "drivers/embedded/sqlite/connection.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "temporary.hpp"

namespace oficio::embedded {
namespace {

TEST(connection, binds_and_reads_every_kind_of_value) {
  temporary folder;
  connection c(folder.file("new/folder/a.db"), open_mode::read_write);
  c.execute("CREATE TABLE t (a, b, c, d)");
  std::string with_nul("x\0y", 3);
  c.prepare("INSERT INTO t VALUES (?, ?, ?, ?)")
      .bind(1, std::int64_t{1} << 40)
      .bind(2, 1.5)
      .bind(3, std::string_view(with_nul))
      .bind(4, std::optional<std::int64_t>{})
      .run();
  EXPECT_EQ(c.changes(), 1);
  auto row = c.prepare("SELECT a, b, c, d FROM t");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.integer(0), std::int64_t{1} << 40);
  EXPECT_EQ(row.real(1), 1.5);
  EXPECT_EQ(row.text(2), with_nul);
  EXPECT_TRUE(row.is_null(3));
  EXPECT_FALSE(row.step());
}

TEST(connection, forgets_bindings_when_a_statement_goes_back) {
  temporary folder;
  connection c(folder.file("a.db"), open_mode::read_write);
  EXPECT_TRUE(c.prepare("SELECT ?").bind(1, "x").step());
  auto again = c.prepare("SELECT ?");
  ASSERT_TRUE(again.step());
  EXPECT_TRUE(again.is_null(0));
}

TEST(connection, gives_a_text_that_is_in_use_a_second_statement) {
  temporary folder;
  connection c(folder.file("a.db"), open_mode::read_write);
  constexpr auto text = "SELECT ? UNION ALL SELECT 2";
  auto first = c.prepare(text);
  first.bind(1, "first");
  {
    auto second = c.prepare(text);
    second.bind(1, "second");
    ASSERT_TRUE(second.step());
    EXPECT_EQ(second.text(0), "second");
  }
  ASSERT_TRUE(first.step());
  EXPECT_EQ(first.text(0), "first");
}

TEST(connection, keeps_statements_in_use_when_there_are_many_texts) {
  temporary folder;
  connection c(folder.file("a.db"), open_mode::read_write);
  auto held = c.prepare("SELECT 1 UNION ALL SELECT 2");
  ASSERT_TRUE(held.step());
  auto fresh = c.prepare("SELECT ?");  // not stepped yet
  for (int i = 0; i < 1000; ++i) c.prepare("SELECT " + std::to_string(i)).run();
  ASSERT_TRUE(held.step());
  EXPECT_EQ(held.integer(0), 2);
  fresh.bind(1, "still");
  ASSERT_TRUE(fresh.step());
  EXPECT_EQ(fresh.text(0), "still");
}

TEST(connection, tells_broken_rules_by_their_code) {
  temporary folder;
  connection c(folder.file("a.db"), open_mode::read_write);
  c.execute("CREATE TABLE t (a PRIMARY KEY); INSERT INTO t VALUES (1)");
  try {
    c.execute("INSERT INTO t VALUES (1)");
    FAIL() << "it took a second one";
  } catch (const sqlite_error& e) {
    EXPECT_TRUE(e.is_unique_violation());
  }
  try {
    c.execute("nonsense");
    FAIL() << "it took nonsense";
  } catch (const sqlite_error& e) {
    EXPECT_FALSE(e.is_unique_violation());
  }
}

TEST(connection, says_which_file_cannot_be_opened) {
  temporary folder;
  EXPECT_THROW(connection(folder.file("none.db"), open_mode::read_only), sqlite_error);
  std::ofstream(folder.file("file")) << "x";
  EXPECT_THROW(connection(folder.file("file/below.db"), open_mode::read_write), sqlite_error);
  std::ofstream(folder.file("text.db")) << std::string(4096, 'x');
  EXPECT_THROW(connection(folder.file("text.db"), open_mode::read_write), sqlite_error);
}

}  // namespace
}  // namespace oficio::embedded
