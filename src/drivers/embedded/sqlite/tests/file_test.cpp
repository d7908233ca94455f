#include "drivers/embedded/sqlite/file.hpp"

#include <atomic>
#include <future>
#include <latch>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "temporary.hpp"

namespace oficio::embedded {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class files : public testing::Test {
 protected:
  files() : work_(asio::make_work_guard(io_)), thread_([this] { io_.run(); }) {
    open();
    file_->set_up("CREATE TABLE t (a INTEGER PRIMARY KEY, b)");
  }
  ~files() override {
    file_.reset();
    work_.reset();
    thread_.join();
  }

  void open() {
    file_.reset();
    file_ = std::make_unique<file>(folder_.file("a.db"), pool_);
  }

  template <class T>
  std::future<T> start(awaitable<T> work) {
    return asio::co_spawn(asio::make_strand(io_), std::move(work), asio::use_future);
  }

  std::future<result<int>> insert(std::int64_t a, steady_time deadline = steady_time::max()) {
    context ctx;
    ctx.deadline = deadline;
    return start(file_->write(ctx, [a](connection& c) -> result<int> {
      c.prepare("INSERT INTO t (a) VALUES (?)").bind(1, a).run();
      return static_cast<int>(a);
    }));
  }

  std::int64_t rows() {
    return start(file_->read(context{},
                             [](connection& c) -> result<std::int64_t> {
                               auto row = c.prepare("SELECT count(*) FROM t");
                               row.step();
                               return row.integer(0);
                             }))
        .get()
        .value();
  }

  // Holds the writing thread until the latch is let go, so that what is pushed meanwhile is a
  // group.
  std::future<result<int>> hold(std::latch& begun, std::latch& until) {
    return start(file_->write(context{}, [&](connection&) -> result<int> {
      begun.count_down();
      until.wait();
      return 0;
    }));
  }

  // What was started before is in the writer's queue: there is one io thread, and it keeps order.
  void all_are_queued() {
    std::promise<void> passed;
    asio::post(io_, [&] { passed.set_value(); });
    passed.get_future().wait();
  }

  temporary folder_;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
  runtime::blocking_pool pool_{"test", 2, 1000};
  std::unique_ptr<file> file_;
};

// As parts do whose calls hold them: the writing thread cannot end itself.
TEST_F(files, may_be_held_last_by_a_call) {
  for (int i = 0; i < 200; ++i) {
    auto held = std::make_shared<file>(folder_.file("b.db"), pool_);
    auto done = start(held->write(context{}, [held, i](connection&) -> result<int> { return i; }));
    EXPECT_EQ(done.get().value(), i);
  }
}

TEST_F(files, read_sees_what_write_answered) {
  EXPECT_EQ(insert(7).get().value(), 7);
  EXPECT_EQ(rows(), 1);
}

TEST_F(files, keeps_what_was_answered_over_a_restart) {
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(insert(i).get());
  open();
  EXPECT_EQ(rows(), 10);
}

TEST_F(files, commits_what_waits_together) {
  std::atomic<int> commits{0};
  auto hooked = start(file_->write(context{}, [&](connection& c) -> result<int> {
    auto count = [](void* counter) { return ++*static_cast<std::atomic<int>*>(counter), 0; };
    sqlite3_commit_hook(c.handle(), count, &commits);
    return 0;
  }));
  ASSERT_TRUE(hooked.get());
  commits = 0;
  std::latch begun(1);
  std::latch until(1);
  auto first = hold(begun, until);
  begun.wait();
  std::vector<std::future<result<int>>> all;
  for (int i = 0; i < 100; ++i) all.push_back(insert(i));
  all_are_queued();
  until.count_down();
  for (auto& f : all) ASSERT_TRUE(f.get());
  ASSERT_TRUE(first.get());
  EXPECT_EQ(rows(), 100);
  EXPECT_EQ(commits, 2);  // of the one that held, and of the hundred
}

TEST_F(files, a_failing_write_undoes_itself_alone) {
  std::latch begun(1);
  std::latch until(1);
  auto first = hold(begun, until);
  begun.wait();
  auto good = insert(1);
  auto refused = start(file_->write(context{}, [](connection& c) -> result<int> {
    c.execute("INSERT INTO t (a) VALUES (2)");
    return error{errc::forbidden, "no", "No."};
  }));
  auto broken = start(file_->write(context{}, [](connection& c) -> result<int> {
    c.execute("INSERT INTO t (a) VALUES (3)");
    c.execute("INSERT INTO nowhere VALUES (3)");
    return 3;
  }));
  auto thrown = start(file_->write(context{}, [](connection& c) -> result<int> {
    c.execute("INSERT INTO t (a) VALUES (4)");
    throw std::logic_error("bug");
  }));
  auto twice = insert(1);
  auto last = insert(5);
  until.count_down();
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(good.get());
  EXPECT_EQ(refused.get().error().code, "no");
  EXPECT_EQ(broken.get().error().code, "database_unavailable");
  EXPECT_THROW(thrown.get(), std::logic_error);
  EXPECT_EQ(twice.get().error().code, "duplicate");
  EXPECT_TRUE(last.get());
  EXPECT_EQ(rows(), 2);
}

// Work that ends the transaction itself takes its whole group down, and nobody is told success.
TEST_F(files, tells_everybody_when_the_group_cannot_be_committed) {
  std::latch begun(1);
  std::latch until(1);
  auto first = hold(begun, until);
  begun.wait();
  auto good = insert(1);
  auto rogue = start(file_->write(context{}, [](connection& c) -> result<int> {
    c.execute("ROLLBACK");
    return 0;
  }));
  until.count_down();
  first.get();
  // The two may have been in different groups; if the first was answered well, it is there.
  bool kept = good.get().has_value();
  EXPECT_EQ(rogue.get().error().code, "database_unavailable");
  EXPECT_EQ(rows(), kept ? 1 : 0);
  EXPECT_TRUE(insert(9).get());
}

TEST_F(files, begins_nothing_whose_time_has_passed) {
  auto now = std::chrono::steady_clock::now();
  EXPECT_EQ(insert(1, now - 1ms).get().error().kind, errc::timeout);
  std::latch begun(1);
  std::latch until(1);
  auto first = hold(begun, until);
  begun.wait();
  auto deadline = std::chrono::steady_clock::now() + 20ms;
  auto waits = insert(2, deadline);
  std::this_thread::sleep_until(deadline + 1ms);
  until.count_down();
  EXPECT_EQ(waits.get().error().kind, errc::timeout);
  EXPECT_TRUE(first.get());
  EXPECT_EQ(rows(), 0);
}

TEST_F(files, refuses_more_than_can_wait) {
  std::latch begun(1);
  std::latch until(1);
  auto first = hold(begun, until);
  begun.wait();
  std::vector<std::future<result<int>>> all;
  for (int i = 0; i < 4'200; ++i) all.push_back(insert(i));
  all_are_queued();
  until.count_down();
  int refused = 0;
  for (auto& f : all) {
    auto outcome = f.get();
    if (outcome) continue;
    EXPECT_EQ(outcome.error().code, "overloaded");
    ++refused;
  }
  EXPECT_EQ(refused, 104);
}

TEST_F(files, commits_what_waits_when_it_is_closed) {
  for (int i = 0; i < 50; ++i) {
    file_->write_later([i](connection& c) {
      c.prepare("INSERT INTO t (a) VALUES (?)").bind(1, std::int64_t{i}).run();
    });
  }
  file_->write_later([](connection&) { throw std::logic_error("bug"); });
  open();
  EXPECT_EQ(rows(), 50);
}

TEST_F(files, tells_a_failing_read_as_a_value) {
  auto outcome = start(file_->read(context{}, [](connection& c) -> result<int> {
    c.prepare("SELECT * FROM nowhere").run();
    return 0;
  }));
  EXPECT_EQ(outcome.get().error().code, "database_unavailable");
}

TEST_F(files, tells_a_reader_that_cannot_be_opened_as_a_value) {
  std::filesystem::remove(folder_.file("a.db"));
  auto outcome = start(file_->read(context{}, [](connection&) -> result<int> { return 0; }));
  EXPECT_EQ(outcome.get().error().code, "database_unavailable");
}

TEST_F(files, readers_cannot_write) {
  auto outcome = start(file_->read(context{}, [](connection& c) -> result<int> {
    c.execute("INSERT INTO t (a) VALUES (1)");
    return 0;
  }));
  EXPECT_EQ(outcome.get().error().code, "database_unavailable");
}

}  // namespace
}  // namespace oficio::embedded
