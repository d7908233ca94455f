#include "drivers/embedded/telemetry/store.hpp"

#include <filesystem>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "drivers/embedded/sqlite/connection.hpp"
#include "drivers/embedded/telemetry/retention.hpp"

namespace oficio::embedded {
namespace {

using telemetry::kind;
using telemetry::record;

constexpr std::chrono::seconds limit{20};

std::int64_t microseconds_ago(std::chrono::microseconds age) {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now - age).count();
}

record sample(const std::string& id, std::chrono::microseconds age = {}) {
  record r;
  r.stream = "traces-apm-test";
  r.id = id;
  r.time_us = microseconds_ago(age);
  r.document = R"({"message":"hello"})";
  r.about.kind = kind::transaction;
  r.about.service = "orders";
  r.about.trace_id = "0af7651916cd43dd8448eb211c80319c";
  r.about.name = "POST /orders";
  r.about.status = 201;
  r.about.duration_us = 1'500;
  return r;
}

class store_test : public testing::Test {
 protected:
  store_test() {
    folder_ =
        std::filesystem::temp_directory_path() / ("oficio-telemetry-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
  }
  ~store_test() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return (folder_ / "telemetry.db").string(); }

  std::int64_t count(const std::string& where = "1") const {
    connection file(path(), open_mode::read_only);
    auto s = file.prepare("SELECT count(*) FROM records WHERE " + where);
    s.step();
    return s.integer(0);
  }

  std::int64_t browsers_bytes() const {
    connection file(path(), open_mode::read_only);
    auto s = file.prepare("SELECT bytes FROM browsers_room");
    s.step();
    return s.integer(0);
  }

  std::filesystem::path folder_;
};

record of_browser(int number, std::chrono::microseconds age = {}) {
  auto r = sample("b" + std::to_string(number), age);
  r.about.kind = number % 2 == 0 ? kind::rum : kind::error;
  r.about.service = "web";
  r.document = R"({"message":"h\u00e9llo é)" + std::string(1'000, '.') + R"("})";
  return r;
}

TEST_F(store_test, what_is_offered_can_be_read_by_others_while_it_writes) {
  auto store = make_telemetry_store(path());
  ASSERT_TRUE(store->offer(sample("a")));
  store->flush(limit);
  connection file(path(), open_mode::read_only);
  auto s = file.prepare(
      "SELECT id, stream, kind, service, name, status, duration_us, level, parent_id, document "
      "FROM records WHERE trace_id = '0af7651916cd43dd8448eb211c80319c'");
  ASSERT_TRUE(s.step());
  EXPECT_EQ(s.text(0), "a");
  EXPECT_EQ(s.text(1), "traces-apm-test");
  EXPECT_EQ(s.text(2), "transaction");
  EXPECT_EQ(s.text(3), "orders");
  EXPECT_EQ(s.text(4), "POST /orders");
  EXPECT_EQ(s.integer(5), 201);
  EXPECT_EQ(s.integer(6), 1'500);
  EXPECT_TRUE(s.is_null(7));
  EXPECT_TRUE(s.is_null(8));
  EXPECT_EQ(s.text(9), R"({"message":"hello"})");
  EXPECT_EQ(store->now().kept, 1U);
}

TEST_F(store_test, an_end_writes_what_waits) {
  {
    auto store = make_telemetry_store(path());
    for (int i = 0; i < 5'000; ++i) ASSERT_TRUE(store->offer(sample(std::to_string(i))));
  }
  EXPECT_EQ(count(), 5'000);
}

TEST_F(store_test, what_has_no_room_is_dropped_and_counted) {
  telemetry_options o;
  o.room = {.records = 10, .bytes = 400};
  auto store = make_telemetry_store(path(), o);
  auto large = sample("large");
  large.document.assign(1'000, ' ');
  EXPECT_FALSE(store->offer(large));
  EXPECT_EQ(store->now().dropped, 1U);
  EXPECT_EQ(store->now().taken, 1U);
}

// What the store says of itself.
class heard final : public telemetry::sink {
 public:
  bool wants(telemetry::level) const override { return true; }
  void write(telemetry::level, std::string_view, std::string_view message, const context*,
             const std::vector<telemetry::field>& fields) override {
    std::lock_guard lock(guard_);
    ++lines_;
    message_ = message;
    for (const auto& f : fields) {
      if (f.name == "oficio.records") records_ += std::get<std::int64_t>(f.value);
      if (f.name == "error.message") why_ = std::get<std::string>(f.value);
    }
  }
  void flush() override {}

  int lines() const {
    std::lock_guard lock(guard_);
    return lines_;
  }
  std::int64_t records() const { return records_; }
  const std::string& message() const { return message_; }
  const std::string& why() const { return why_; }

 private:
  mutable std::mutex guard_;
  int lines_ = 0;
  std::int64_t records_ = 0;
  std::string message_;
  std::string why_;
};

void wait_for_a_line(const heard& from) {
  auto until = std::chrono::steady_clock::now() + limit;
  while (from.lines() == 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  ASSERT_EQ(from.lines(), 1);
}

TEST_F(store_test, what_is_dropped_is_told_at_once_and_then_once_a_minute_at_most) {
  auto said = std::make_shared<heard>();
  {
    telemetry_options o;
    o.room = {.records = 10, .bytes = 400};
    auto store = make_telemetry_store(path(), o, {said, "telemetry"});
    auto large = sample("large");
    large.document.assign(1'000, ' ');
    EXPECT_FALSE(store->offer(large));
    wait_for_a_line(*said);
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(store->offer(large));
    store->flush(limit);
    EXPECT_EQ(said->lines(), 1);
  }
  EXPECT_EQ(said->lines(), 2);  // the rest, at the end
  EXPECT_EQ(said->records(), 101);
  EXPECT_EQ(said->message(), "telemetry was dropped: there was no room for it");
}

TEST_F(store_test, what_cannot_be_written_is_told_with_the_reason) {
  auto said = std::make_shared<heard>();
  auto store = make_telemetry_store(path(), {}, {said, "telemetry"});
  connection(path(), open_mode::read_write).execute("DROP TABLE records");
  store->offer(sample("lost"));
  wait_for_a_line(*said);
  EXPECT_EQ(said->records(), 1);
  EXPECT_NE(said->why().find("no such table"), std::string::npos) << said->why();
  EXPECT_EQ(store->now().dropped, 1U);
}

TEST_F(store_test, what_is_older_than_is_kept_goes_in_small_batches) {
  auto file = open_telemetry(path());
  {
    auto store = make_telemetry_store(path());
    for (int i = 0; i < 3'000; ++i) store->offer(sample("old", std::chrono::hours(30)));
    for (int i = 0; i < 10; ++i) store->offer(sample("new", std::chrono::hours(20)));
    store->flush(limit);
  }
  // The store may have purged already, by its own longer time.
  EXPECT_EQ(count(), 3'010);
  EXPECT_TRUE(purge_telemetry(*file, std::chrono::hours(24), 1 << 30));
  EXPECT_EQ(count("id = 'old'"), 1'000);
  EXPECT_TRUE(purge_telemetry(*file, std::chrono::hours(24), 1 << 30));
  EXPECT_FALSE(purge_telemetry(*file, std::chrono::hours(24), 1 << 30));
  EXPECT_EQ(count("id = 'old'"), 0);
  EXPECT_EQ(count("id = 'new'"), 10);
}

TEST_F(store_test, a_file_that_grows_too_large_loses_its_oldest_and_shrinks) {
  auto large = sample("x");
  large.document.assign(4'000, ' ');
  {
    auto store = make_telemetry_store(path());
    for (int i = 0; i < 5'000; ++i) {
      large.id = std::to_string(i);
      ASSERT_TRUE(store->offer(large));
      if (i % 1'000 == 0) store->flush(limit);
    }
  }
  constexpr std::int64_t most = 8 * 1024 * 1024;
  auto file = open_telemetry(path());
  while (purge_telemetry(*file, std::chrono::hours(24), most)) {
  }
  file->execute("PRAGMA wal_checkpoint(TRUNCATE)");
  EXPECT_EQ(count("id = '0'"), 0);
  EXPECT_EQ(count("id = '4999'"), 1);
  EXPECT_GT(count(), 500);
  EXPECT_LT(std::filesystem::file_size(path()), 2 * most);
}

TEST_F(store_test, a_running_store_purges_by_itself) {
  telemetry_options o;
  o.keep = std::chrono::hours(24);
  o.purge_interval = std::chrono::milliseconds(10);
  auto store = make_telemetry_store(path(), o);
  store->offer(sample("old", std::chrono::hours(30)));
  store->flush(limit);
  auto until = std::chrono::steady_clock::now() + limit;
  while (count() > 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_EQ(count(), 0);
}

TEST_F(store_test, a_flood_of_browsers_pushes_out_nothing_but_their_own_oldest) {
  constexpr int flood = 12'000;
  {
    auto store = make_telemetry_store(path());
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(store->offer(sample("s" + std::to_string(i))));
    for (int i = 0; i < flood; ++i) {
      ASSERT_TRUE(store->offer(of_browser(i)));
      if (i % 1'000 == 0) store->flush(limit);
    }
  }
  constexpr std::int64_t most = 16 * 1024 * 1024;
  auto file = open_telemetry(path());
  EXPECT_GT(browsers_bytes(), most);
  while (purge_telemetry(*file, std::chrono::hours(24), most)) {
  }
  EXPECT_EQ(count("service = 'orders'"), 100);
  EXPECT_EQ(count("id = 'b0'"), 0);
  EXPECT_EQ(count("id = 'b" + std::to_string(flood - 1) + "'"), 1);
  EXPECT_LE(browsers_bytes(), most / 4);
  EXPECT_GT(browsers_bytes(), most / 6);
  // They take as much as is said of them.
  auto s = file->prepare("SELECT count(*) * 1024 FROM records WHERE service = 'web'");
  ASSERT_TRUE(s.step());
  EXPECT_GT(browsers_bytes(), s.integer(0));
}

TEST_F(store_test, the_room_of_browsers_is_known_also_when_time_takes_their_records) {
  {
    auto store = make_telemetry_store(path());
    for (int i = 0; i < 100; ++i) store->offer(of_browser(i, std::chrono::hours(30)));
    store->offer(of_browser(100));
    store->flush(limit);
  }
  auto file = open_telemetry(path());
  auto one = static_cast<std::int64_t>(of_browser(100).document.size()) + 512;
  EXPECT_EQ(browsers_bytes(), 101 * one);
  EXPECT_TRUE(purge_telemetry(*file, std::chrono::hours(24), 1 << 30));
  EXPECT_EQ(browsers_bytes(), one);
}

// As the version before made it, with the records of two services and of browsers.
void make_file_of_version_2(const std::string& path, int of_each) {
  connection old(path, open_mode::read_write);
  old.execute(R"(
PRAGMA auto_vacuum=INCREMENTAL; VACUUM;
CREATE TABLE records (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, stream TEXT NOT NULL, time_us INTEGER NOT NULL,
  kind TEXT NOT NULL, service TEXT, level TEXT, trace_id TEXT, transaction_id TEXT, span_id TEXT,
  parent_id TEXT, name TEXT, outcome TEXT, status INTEGER, duration_us INTEGER, grouping_key TEXT,
  user_id TEXT, target TEXT, weight REAL NOT NULL, document TEXT NOT NULL);
CREATE INDEX records_by_time ON records (time_us);
CREATE INDEX records_by_kind ON records (kind, service, time_us);
CREATE INDEX records_by_trace ON records (trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX records_of_requests
  ON records (time_us, service, name, outcome, status, duration_us, weight, kind)
  WHERE kind = 'transaction';
CREATE INDEX records_of_calls ON records (time_us, service, target, outcome, duration_us, weight)
  WHERE target IS NOT NULL;
CREATE INDEX records_by_group ON records (grouping_key, time_us) WHERE grouping_key IS NOT NULL;
PRAGMA user_version=2)");
  old.execute("BEGIN");
  auto document = of_browser(0).document;
  for (int i = 0; i < of_each; ++i) {
    for (auto service : {"orders", "web"}) {
      auto s = old.prepare(
          "INSERT INTO records (id, stream, time_us, kind, service, weight, document) "
          "VALUES (?, 's', ?, 'log', ?, 1, ?)");
      s.bind(1, "old " + std::to_string(i)).bind(2, microseconds_ago({})).bind(3, service);
      s.bind(4, std::string_view(document)).run();
    }
  }
  old.execute("COMMIT");
}

TEST_F(store_test, a_file_of_the_version_before_keeps_what_is_there) {
  std::filesystem::create_directories(folder_);
  make_file_of_version_2(path(), 2'000);
  {
    auto store = make_telemetry_store(path());
    store->offer(of_browser(1));
    store->flush(limit);
  }
  EXPECT_EQ(count(), 4'001);
  auto one = static_cast<std::int64_t>(of_browser(0).document.size()) + 512;
  EXPECT_EQ(browsers_bytes(), 2'001 * one);
  auto file = open_telemetry(path());
  while (purge_telemetry(*file, std::chrono::hours(24), 4 * 1'000 * one)) {
  }
  EXPECT_EQ(count("service = 'orders'"), 2'000);
  EXPECT_LE(count("service = 'web'"), 1'000);
  EXPECT_GE(count("service = 'web'"), 500);
  EXPECT_EQ(count("id = 'b1'"), 1);
}

TEST_F(store_test, a_file_of_an_earlier_version_begins_anew) {
  {
    connection old(path(), open_mode::read_write);
    old.execute("CREATE TABLE records (seq INTEGER PRIMARY KEY, id TEXT); PRAGMA user_version=1");
    old.execute("INSERT INTO records (id) VALUES ('old')");
  }
  auto store = make_telemetry_store(path());
  store->offer(sample("new"));
  store->flush(limit);
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(count("id = 'new'"), 1);
}

TEST_F(store_test, a_file_of_a_later_version_is_refused) {
  {
    open_telemetry(path())->execute("PRAGMA user_version=99");
  }
  EXPECT_THROW(make_telemetry_store(path()), sqlite_error);
}

}  // namespace
}  // namespace oficio::embedded
