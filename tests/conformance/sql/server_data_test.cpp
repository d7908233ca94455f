#include <latch>
#include <thread>

#include "platform/sql/migrations.hpp"
#include "server_fixture.hpp"

namespace oficio::sql::conformance {
namespace {

using namespace std::string_literals;

// Alike for a person, a collation or a careless quoting, but not the same.
const std::vector<std::string> odd_texts{"",
                                         " ",
                                         "a",
                                         "A",
                                         "a ",
                                         " a",
                                         "\xC3\xA1",
                                         "a\xCC\x81",
                                         "ss",
                                         "\xC3\x9F",
                                         "'",
                                         "''",
                                         "\"",
                                         "\\",
                                         "\\\\",
                                         "\\'",
                                         "\\n",
                                         "\n",
                                         "\r\n",
                                         "\t",
                                         "\b\x1A\x7F",
                                         "%",
                                         "_",
                                         ":name",
                                         "a::b := c",
                                         "$1",
                                         "?",
                                         "--",
                                         "/* */",
                                         "; DROP",
                                         "\xEF\xBB\xBF",
                                         "\xF0\x9F\x8E\x88",
                                         "\xF4\x8F\xBF\xBF",
                                         "\xE2\x80\xAE"
                                         "a",
                                         "\xE2\x80\x8B",
                                         "\xEF\xBF\xBD",
                                         "NULL",
                                         "\xD0\x96 \xE6\xBC\xA2"};

class server_data : public server_test {
 protected:
  result<void> keep(std::string text) {
    return run(db_->write(within(10s), [text](soci::session& session) -> result<void> {
      session << "INSERT INTO texts (t, long_one) VALUES (:t, :l)", soci::use(text),
          soci::use(text);
      return {};
    }));
  }
  // Those that equal it.
  std::vector<std::string> found(std::string text) {
    return run(db_->read(within(10s),
                         [text](soci::session& session) -> result<std::vector<std::string>> {
                           std::vector<std::string> out;
                           std::string t;
                           soci::statement rows =
                               (session.prepare << "SELECT long_one FROM texts WHERE t = :t",
                                soci::use(text), soci::into(t));
                           rows.execute();
                           while (rows.fetch()) out.push_back(t);
                           return out;
                         }))
        .value();
  }
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(servers, server_data, testing::ValuesIn(servers_beside()),
                         [](const auto& info) { return info.param; });

TEST_P(server_data, texts_come_back_as_they_went_and_equal_only_themselves) {
  for (const auto& text : odd_texts) {
    auto done = keep(text);
    ASSERT_TRUE(done.has_value()) << text << ": " << done.error().detail;
  }
  for (const auto& text : odd_texts) {
    EXPECT_EQ(found(text), std::vector{text});
    auto again = keep(text);
    ASSERT_FALSE(again.has_value()) << text;
    EXPECT_EQ(again.error().code, "duplicate");
  }
}

TEST_P(server_data, a_nul_is_kept_or_refused_but_never_cut_at) {
  ASSERT_TRUE(keep("a").has_value());
  auto done = keep("a\0b"s);
  if (done.has_value()) {
    EXPECT_EQ(found("a\0b"s), std::vector{"a\0b"s});
  } else {
    EXPECT_EQ(done.error().kind, errc::invalid);
    EXPECT_EQ(done.error().code, "unacceptable_text");
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM texts").value(), done.has_value() ? 2 : 1);
}

TEST_P(server_data, what_does_not_fit_is_an_error) {
  for (auto values : {"'" + std::string(41, 'x') + "', 'y', 1", "'x', 'y', 40000"s,
                      "'x', 'y', 'word'"s, "NULL, 'y', 1"s}) {
    auto done = write("INSERT INTO texts (t, long_one, small) VALUES (" + values + ")");
    ASSERT_FALSE(done.has_value()) << values;
    EXPECT_EQ(done.error().code, "database_error") << values;
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM texts").value(), 0);
}

TEST_P(server_data, increments_under_a_lock_lose_nothing) {
  auto few = open("5");
  std::vector<awaitable<result<void>>> work;
  for (int i = 0; i < 64; ++i) {
    work.push_back(few->write(within(20s), [](soci::session& session) -> result<void> {
      long long n = 0;
      session << "SELECT n FROM kept WHERE id = 'a' FOR UPDATE", soci::into(n);
      ++n;
      session << "UPDATE kept SET n = :n WHERE id = 'a'", soci::use(n);
      return {};
    }));
  }
  for (const auto& done : run_all(std::move(work), 4)) {
    ASSERT_TRUE(done.has_value()) << done.error().detail;
  }
  EXPECT_EQ(value_of("a"), 64);
  EXPECT_EQ(few->sessions().most, 5u);
  EXPECT_EQ(few->sessions().leased, 0u);
}

TEST_P(server_data, of_two_in_each_others_way_both_get_through) {
  std::latch both(2);
  std::atomic<int> begun = 0;
  auto lock_in_order = [&](std::string first, std::string second) {
    bool again = false;
    return db_->write(within(20s), [&, first, second, again](soci::session& s) mutable {
      ++begun;
      auto done = do_in(s, "UPDATE kept SET n = n + 1 WHERE id = '" + first + "'");
      if (!again) both.arrive_and_wait();
      again = true;
      return done.has_value() ? do_in(s, "UPDATE kept SET n = n + 1 WHERE id = '" + second + "'")
                              : done;
    });
  };
  std::vector<awaitable<result<void>>> work;
  work.push_back(lock_in_order("a", "b"));
  work.push_back(lock_in_order("b", "a"));
  for (const auto& done : run_all(std::move(work), 2)) {
    EXPECT_TRUE(done.has_value()) << done.error().detail;
  }
  EXPECT_EQ(value_of("a"), 2);
  EXPECT_EQ(value_of("b"), 2);
  EXPECT_GE(begun, 3) << "one of them had to begin again";
}

TEST_P(server_data, a_transaction_whose_failure_was_passed_over_is_not_taken_for_done) {
  auto done = run(db_->write(within(10s), [](soci::session& session) -> result<void> {
    session << "UPDATE kept SET n = 7 WHERE id = 'a'";
    try {
      session << "INSERT INTO kept (id, n) VALUES ('a', 1)";
    } catch (const soci::soci_error&) {
    }
    return {};
  }));
  // PostgreSQL undoes all of it, MySQL the one statement: the caller is told what happened.
  EXPECT_EQ(value_of("a"), done.has_value() ? 7 : 0);
}

TEST_P(server_data, programs_that_start_at_once_migrate_once) {
  std::vector<migration> history;
  auto fresh = empty_database(GetParam(), "oficio_other");
  auto first = open_database(fresh, pool_);
  auto second = open_database(fresh, pool_);
  for (int n = 1; n <= 20; ++n) {
    auto table = "t" + std::to_string(n);
    history.push_back({n, table, "CREATE TABLE " + table + " (id INTEGER);\n"});
  }
  std::string why;
  std::jthread beside([&] { why = migrating(*second, history); });
  EXPECT_EQ(migrating(*first, history), "");
  beside.join();
  EXPECT_EQ(why, "");
}

TEST_P(server_data, a_migration_that_fails_lets_the_next_one_in) {
  auto other = open();
  auto history = std::vector<migration>{{1, "tables", "SELECT 2;\n"}};
  EXPECT_NE(migrating(*db_, history), "");
  auto why = migrating(*other, history);
  EXPECT_NE(why.find("was changed"), std::string::npos) << why;
  EXPECT_EQ(why.find('\n'), std::string::npos) << why;
}

TEST_P(server_data, settings_that_the_server_refuses_are_named) {
  auto refused = [&](auto change) -> std::string {
    auto wrong = address_;
    change(wrong);
    try {
      open_database(wrong, pool_);
      return "it was opened";
    } catch (const std::runtime_error& e) {
      return e.what();
    }
  };
  auto name =
      is_mysql() ? "OFICIO_TEST_MYSQL: mysql://"s : "OFICIO_TEST_POSTGRESQL: postgresql://"s;
  for (const auto& why : {refused([](auto& a) { a.password = "wrong"; }),
                          refused([](auto& a) { a.user = "nobody'\\"; }),
                          refused([](auto& a) { a.path = "oficio_absent"; }),
                          refused([](auto& a) { a.options["tls"] = "true"; })}) {
    EXPECT_TRUE(why.starts_with(name)) << why;
    EXPECT_EQ(why.find('\n'), std::string::npos) << why;
  }
  for (const auto& why :
       {refused([](auto& a) { a.path = ""; }), refused([](auto& a) { a.user = ""; }),
        refused([](auto& a) { a.options["pool"] = "0"; }),
        refused([](auto& a) { a.options["colour"] = "red"; })}) {
    EXPECT_TRUE(why.starts_with("OFICIO_TEST_")) << why;
  }
}

// MySQL alone: PostgreSQL leaves no halves.
TEST_P(server_data, a_migration_that_was_interrupted_is_gone_on_with) {
  if (!is_mysql()) GTEST_SKIP();
  migration m{2, "more",
              "CREATE TABLE one (id INTEGER);\nCREATE INDEX one_id ON one (id);\n"
              "INSERT INTO one VALUES (1);\nALTER TABLE one ADD COLUMN n INTEGER;\n"};
  auto interrupt = [&](const std::string& sum) {
    ASSERT_TRUE(write("DROP TABLE IF EXISTS one").has_value());
    ASSERT_TRUE(write("CREATE TABLE one (id INTEGER)").has_value());
    ASSERT_TRUE(write("CREATE INDEX one_id ON one (id)").has_value());
    // It died before it could keep that the index was there.
    ASSERT_TRUE(write("REPLACE INTO schema_migration_steps (number, checksum, done, begun) VALUES "
                      "(2, '" +
                      sum + "', 1, 2)")
                    .has_value());
  };
  std::vector<migration> history{tables_of_tests(), m};
  interrupt(std::string(64, 'f'));
  auto why = migrating(*db_, history);
  EXPECT_NE(why.find("migration 2 \"more\" was interrupted after 1"), std::string::npos) << why;

  interrupt(checksum(m));
  EXPECT_EQ(migrating(*db_, history), "");
  EXPECT_EQ(number("SELECT COUNT(*) FROM one WHERE n IS NULL").value(), 1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM schema_migration_steps").value(), 0);
}

}  // namespace oficio::sql::conformance
