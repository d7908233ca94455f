#include <stdexcept>

#include "platform/sql/optional.hpp"
#include "sql_conformance.hpp"

namespace oficio::sql::conformance {
namespace {

result<void> add_one(soci::session& session, const std::string& lock) {
  std::int64_t n = 0;
  session << "SELECT n FROM counters WHERE id = 'shared'" + lock, soci::into(n);
  ++n;
  session << "UPDATE counters SET n = :n WHERE id = 'shared'", soci::use(n);
  return {};
}

result<void> add_person(soci::session& session, std::int64_t id, const std::string& email) {
  session << "INSERT INTO people (id, email) VALUES (:id, :email)", soci::use(id), soci::use(email);
  return {};
}

}  // namespace

TEST_P(sql_conformance, a_write_is_there_after_it_and_after_a_restart) {
  make_tables();
  ASSERT_TRUE(insert("a", 7).has_value());
  EXPECT_EQ(value_of("a"), 7);
  restart();
  EXPECT_EQ(value_of("a"), 7);
}

TEST_P(sql_conformance, an_error_from_work_undoes_it) {
  make_tables();
  auto done = run(db().write(ctx_, [](soci::session& session) -> result<int> {
    session << "INSERT INTO counters (id, n) VALUES ('gone', 1)";
    return error{errc::conflict, "changed_my_mind", "No."};
  }));
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, "changed_my_mind");
  EXPECT_EQ(count(), 0);
}

TEST_P(sql_conformance, an_exception_from_work_undoes_it_and_reaches_the_caller) {
  make_tables();
  auto work = [](soci::session& session) -> result<int> {
    session << "INSERT INTO counters (id, n) VALUES ('gone', 1)";
    throw std::logic_error("a bug");
  };
  EXPECT_THROW(run(db().write(ctx_, work)), std::logic_error);
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(insert("after", 1).has_value());
}

TEST_P(sql_conformance, a_second_row_with_the_same_key_is_a_duplicate) {
  make_tables();
  ASSERT_TRUE(insert("a", 1).has_value());
  auto again = insert("a", 2);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().kind, errc::conflict);
  EXPECT_EQ(again.error().code, "duplicate");
  EXPECT_EQ(value_of("a"), 1);
}

TEST_P(sql_conformance, a_duplicate_says_which_column_or_index_but_not_the_value) {
  make_tables();
  auto add = [this](std::int64_t id) {
    return run(db().write(ctx_, [id](soci::session& session) {
      return add_person(session, id, "secret@example.org");
    }));
  };
  ASSERT_TRUE(add(1).has_value());
  auto again = add(2);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, "duplicate");
  EXPECT_NE(again.error().detail.find("email"), std::string::npos) << again.error().detail;
  EXPECT_EQ(again.error().detail.find("secret"), std::string::npos) << again.error().detail;
}

TEST_P(sql_conformance, broken_sql_is_an_internal_error_and_the_session_goes_on) {
  make_tables();
  auto broken = run(db().write(ctx_, [](soci::session& session) -> result<void> {
    session << "INSERT INTO nowhere (id) VALUES ('x')";
    return {};
  }));
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().kind, errc::internal);
  EXPECT_EQ(broken.error().code, "database_error");
  EXPECT_TRUE(insert("after", 1).has_value());
}

TEST_P(sql_conformance, concurrent_increments_lose_nothing) {
  make_tables();
  ASSERT_TRUE(insert("shared", 0).has_value());
  std::vector<awaitable<result<void>>> work;
  for (int i = 0; i < 60; ++i) {
    work.push_back(db().write(
        ctx_, [lock = for_update()](soci::session& session) { return add_one(session, lock); }));
  }
  for (const auto& done : run_all(std::move(work), 4)) {
    ASSERT_TRUE(done.has_value()) << done.error().detail;
  }
  EXPECT_EQ(value_of("shared"), 60);
}

TEST_P(sql_conformance, of_many_who_insert_the_same_key_one_wins) {
  make_tables();
  std::vector<awaitable<result<void>>> work;
  for (std::int64_t i = 0; i < 8; ++i) {
    work.push_back(db().write(
        ctx_, [i](soci::session& session) { return add_person(session, i, "one@example.org"); }));
  }
  int won = 0;
  for (const auto& done : run_all(std::move(work), 4)) {
    if (done.has_value()) ++won;
    if (!done.has_value()) {
      EXPECT_EQ(done.error().code, "duplicate");
    }
  }
  EXPECT_EQ(won, 1);
}

TEST_P(sql_conformance, values_come_back_as_they_went) {
  make_tables();
  std::int64_t id = 9'007'199'254'740'993;  // no double can hold it
  std::string email = "o'brien\"; DROP TABLE people; -- ñ🎈@example.org";
  auto back = run(db().write(ctx_, [=](soci::session& session) -> result<std::string> {
    std::optional<std::string> nobody;
    session << "INSERT INTO people (id, email, name) VALUES (:id, :email, :name)", soci::use(id),
        soci::use(email), soci::use(nobody);
    std::int64_t read_id = 0;
    std::string read_email;
    std::optional<std::string> read_name = "somebody";
    session << "SELECT id, email, name FROM people", soci::into(read_id), soci::into(read_email),
        soci::into(read_name);
    EXPECT_EQ(read_id, id);
    EXPECT_FALSE(read_name.has_value());
    return read_email;
  }));
  ASSERT_TRUE(back.has_value()) << back.error().detail;
  EXPECT_EQ(*back, email);
}

TEST_P(sql_conformance, work_whose_deadline_has_passed_is_not_done) {
  make_tables();
  ctx_.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  auto late = insert("late", 1);
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().kind, errc::timeout);
  ctx_ = context::for_system();
  EXPECT_EQ(count(), 0);
}

}  // namespace oficio::sql::conformance
