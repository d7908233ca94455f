#include "platform/sql/migrations.hpp"
#include "sql_conformance.hpp"

namespace oficio::sql::conformance {
namespace {

const migration more{2, "more", "ALTER TABLE counters ADD COLUMN note VARCHAR(20);\n"};

}  // namespace

TEST_P(sql_conformance, migrating_twice_changes_nothing) {
  make_tables();
  ASSERT_TRUE(insert("kept", 1).has_value());
  EXPECT_EQ(migrating(tables()), "");
  restart();
  EXPECT_EQ(migrating(tables()), "");
  EXPECT_EQ(value_of("kept"), 1);
}

TEST_P(sql_conformance, a_later_migration_is_added_to_those_before) {
  make_tables();
  auto history = tables();
  history.push_back(more);
  EXPECT_EQ(migrating(history), "");
  auto noted = run(db().write(ctx_, [](soci::session& session) -> result<void> {
    session << "INSERT INTO counters (id, n, note) VALUES ('a', 1, 'hello')";
    return {};
  }));
  EXPECT_TRUE(noted.has_value());
}

TEST_P(sql_conformance, a_changed_migration_is_refused_by_name) {
  make_tables();
  auto history = tables();
  history[0].statements += "CREATE TABLE extra (id BIGINT);\n";
  auto why = migrating(history);
  EXPECT_NE(why.find("migration 1 \"tables\" was changed"), std::string::npos) << why;
}

TEST_P(sql_conformance, a_broken_migration_says_which_statement_and_leaves_no_mark) {
  make_tables();
  auto history = tables();
  history.push_back({2, "broken", "SELECT 1;\nCREATE TABL oops (id BIGINT);\n"});
  auto why = migrating(history);
  EXPECT_NE(why.find("migration 2 \"broken\" failed at statement 2 (CREATE TABL oops"),
            std::string::npos)
      << why;
  EXPECT_EQ(why.find('\n'), std::string::npos) << why;
  history[1] = more;
  EXPECT_EQ(migrating(history), "");
}

TEST_P(sql_conformance, a_database_from_a_newer_program_is_refused) {
  auto history = tables();
  history.push_back(more);
  ASSERT_EQ(migrating(history), "");
  auto why = migrating(tables());
  EXPECT_NE(why.find("migration 2 \"more\""), std::string::npos) << why;
}

TEST_P(sql_conformance, numbers_that_do_not_rise_are_refused) {
  auto history = tables();
  history.push_back({1, "again", "SELECT 1"});
  auto why = migrating(history);
  EXPECT_NE(why.find("migration 1 \"again\" is out of order"), std::string::npos) << why;
}

TEST(split_statements, cuts_at_line_ends_and_drops_what_is_no_statement) {
  using texts = std::vector<std::string>;
  EXPECT_EQ(split_statements(""), texts{});
  EXPECT_EQ(split_statements("A;\nB ;\n"), (texts{"A", "B"}));
  EXPECT_EQ(split_statements("A;\n  \n;\nB;"), (texts{"A", "B"}));
  EXPECT_EQ(split_statements("-- why\n-- more\nA\nB;\n-- the end\n"), (texts{"A\nB"}));
  EXPECT_EQ(split_statements("A 'x;y';\n"), (texts{"A 'x;y'"}));
}

}  // namespace oficio::sql::conformance
