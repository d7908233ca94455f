#include <atomic>
#include <thread>

#include "server_fixture.hpp"

namespace oficio::sql::conformance {
namespace {

using clock = std::chrono::steady_clock;

// What a call may take longer than its deadline: the time in which this machine gets round to it.
constexpr auto slack = 2s;

class server_faults : public server_test {
 protected:
  // Reads until it works again.
  bool recovers() {
    auto until = clock::now() + 30s;
    while (clock::now() < until) {
      if (number("SELECT 1", 1s).has_value()) return true;
      std::this_thread::sleep_for(20ms);
    }
    return false;
  }
  template <class T>
  static void expect_error(const result<T>& done, errc kind, const std::string& code) {
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().kind, kind) << done.error().detail;
    EXPECT_EQ(done.error().code, code) << done.error().detail;
  }
};

// Holds the row 'a' of the table kept until it is let go.
class row_holder {
 public:
  explicit row_holder(database& db)
      : thread_([this, &db] {
          auto done = run(db.write(context::for_system(60s), [this](soci::session& s) {
            s << "UPDATE kept SET n = n + 1 WHERE id = 'a'";
            holds_ = true;
            holds_.notify_all();
            go_.wait(false);
            return result<void>{};
          }));
          EXPECT_TRUE(done.has_value()) << done.error().detail;
        }) {
    holds_.wait(false);
  }
  ~row_holder() {
    go_ = true;
    go_.notify_all();
  }

 private:
  std::atomic<bool> holds_ = false;
  std::atomic<bool> go_ = false;
  std::jthread thread_;
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(servers, server_faults, testing::ValuesIn(servers_beside()),
                         [](const auto& info) { return info.param; });

TEST_P(server_faults, who_waits_for_a_lock_gives_up_at_the_deadline) {
  {
    row_holder holder(*db_);
    auto begun = clock::now();
    expect_error(write("UPDATE kept SET n = 5 WHERE id = 'a'", 300ms), errc::timeout,
                 "deadline_exceeded");
    EXPECT_LT(clock::now() - begun, 300ms + slack);
    EXPECT_TRUE(write("UPDATE kept SET n = 5 WHERE id = 'b'").has_value());
  }
  EXPECT_TRUE(write("UPDATE kept SET n = n + 1 WHERE id = 'a'").has_value());
  EXPECT_EQ(value_of("a"), 2);
  EXPECT_EQ(value_of("b"), 5);
}

TEST_P(server_faults, who_finds_no_session_free_gives_up_at_the_deadline) {
  db_ = open("1");
  {
    row_holder holder(*db_);
    auto begun = clock::now();
    expect_error(number("SELECT 1", 200ms), errc::timeout, "deadline_exceeded");
    EXPECT_LT(clock::now() - begun, 200ms + slack);
  }
  EXPECT_EQ(value_of("a"), 1);
}

TEST_P(server_faults, a_statement_that_takes_too_long_ends_at_the_deadline) {
  auto begun = clock::now();
  expect_error(number(is_mysql() ? "SELECT SLEEP(30)" : "SELECT 1 FROM pg_sleep(30)", 400ms),
               errc::timeout, "deadline_exceeded");
  EXPECT_LT(clock::now() - begun, 400ms + slack);
  EXPECT_EQ(number("SELECT 1").value(), 1);
}

TEST_P(server_faults, a_transaction_whose_connection_breaks_is_begun_again_once) {
  auto broken =
      is_mysql() ? "KILL CONNECTION_ID()" : "SELECT pg_terminate_backend(pg_backend_pid())";
  for (int breaks : {1, 2}) {
    int begun = 0;
    auto done = run(db_->write(within(10s), [&](soci::session& session) -> result<void> {
      session << "UPDATE kept SET n = n + 1 WHERE id = 'a'";
      if (++begun <= breaks) session << broken;
      session << "UPDATE kept SET n = n + 1 WHERE id = 'b'";
      return {};
    }));
    EXPECT_EQ(begun, 2);
    if (breaks == 2) expect_error(done, errc::unavailable, "database_unavailable");
    if (breaks == 1) {
      EXPECT_TRUE(done.has_value()) << done.error().detail;
    }
  }
  EXPECT_EQ(value_of("a"), 1);
  EXPECT_EQ(value_of("b"), 1);
}

TEST_P(server_faults, connections_that_went_stale_are_replaced_unnoticed) {
  std::vector<awaitable<result<void>>> work;
  for (int i = 0; i < 8; ++i) {
    work.push_back(db_->write(within(10s), [](soci::session& session) {
      return do_in(session, "UPDATE kept SET n = n + 1 WHERE id = 'a'");
    }));
  }
  run_all(std::move(work), 4);
  control("restart");
  EXPECT_TRUE(write("UPDATE kept SET n = n + 1 WHERE id = 'a'").has_value());
  EXPECT_EQ(value_of("a"), 9);
}

TEST_P(server_faults, without_a_server_calls_fail_at_once_and_with_it_they_work_again) {
  control("kill");
  expect_error(number("SELECT 1"), errc::unavailable, "database_unavailable");
  auto begun = clock::now();
  for (int i = 0; i < 50; ++i) {
    expect_error(number("SELECT 1"), errc::unavailable, "database_unavailable");
    expect_error(write("UPDATE kept SET n = 1"), errc::unavailable, "database_unavailable");
  }
  EXPECT_LT(clock::now() - begun, slack) << "each of them waited";
  control("start");
  EXPECT_TRUE(recovers());
  EXPECT_EQ(value_of("a"), 0);
}

TEST_P(server_faults, what_was_acknowledged_outlives_a_killed_server) {
  std::atomic<bool> stop = false;
  std::atomic<std::int64_t> acknowledged = 0;
  std::atomic<std::int64_t> unknown = 0;
  std::jthread writer([&] {
    while (!stop) {
      auto done = write("UPDATE kept SET n = n + 1 WHERE id = 'a'", 2s);
      ++(done.has_value() ? acknowledged : unknown);
      if (!done.has_value()) std::this_thread::sleep_for(10ms);
      acknowledged.notify_all();
    }
  });
  acknowledged.wait(0);
  control("kill");
  control("start");
  EXPECT_TRUE(recovers());
  stop = true;
  writer.join();
  EXPECT_GE(value_of("a"), acknowledged);
  EXPECT_LE(value_of("a"), acknowledged + unknown);
}

TEST_P(server_faults, a_server_that_does_not_answer_holds_nobody_past_the_deadline) {
  control("pause");
  for (int i = 0; i < 3; ++i) {
    auto begun = clock::now();
    EXPECT_FALSE(number("SELECT 1", 300ms).has_value());
    EXPECT_FALSE(write("UPDATE kept SET n = 1 WHERE id = 'b'", 300ms).has_value());
    EXPECT_LT(clock::now() - begun, 600ms + slack);
  }
  control("resume");
  EXPECT_TRUE(recovers());
}

TEST_P(server_faults, a_migration_that_a_killed_server_broke_off_is_finished_by_the_next) {
  auto fresh = empty_database(GetParam(), "oficio_other");
  std::string statements;
  for (int n = 1; n <= 60; ++n) {
    auto table = "t" + std::to_string(n);
    statements += "CREATE TABLE " + table + " (id INTEGER);\nINSERT INTO " + table +
                  " VALUES (1);\nCREATE INDEX " + table + "_id ON " + table + " (id);\n";
  }
  std::vector<migration> history{{1, "many", statements}};
  {
    auto first = open_database(fresh, pool_);
    std::jthread migrates([&] { migrating(*first, history); });
    control("kill");
  }
  control("start");
  db_ = open_database(fresh, pool_);
  EXPECT_EQ(migrating(*db_, history), "");
  for (int n = 1; n <= 60; ++n) {
    EXPECT_EQ(number("SELECT COUNT(*) FROM t" + std::to_string(n)).value(), 1) << n;
  }
}

TEST_P(server_faults, a_server_that_cannot_be_reached_at_the_start_is_named) {
  control("stop");
  try {
    open();
    ADD_FAILURE() << "it was opened";
  } catch (const std::runtime_error& e) {
    EXPECT_TRUE(std::string(e.what()).starts_with("OFICIO_TEST_")) << e.what();
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
  }
  control("start");
}

}  // namespace oficio::sql::conformance
