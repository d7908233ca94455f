#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>

#include <gmock/gmock.h>
#include <signal.h>
#include <soci/soci.h>
#include <spawn.h>
#include <sys/wait.h>

#include "drivers/embedded/sql/sql.hpp"
#include "fixture.hpp"
#include "platform/base/random.hpp"
#include "platform/events/relay.hpp"
#include "platform/runtime/task_group.hpp"
#include "platform/sql/outbox.hpp"

namespace oficio::rabbitmq {
namespace {

using namespace std::chrono_literals;

// Ends the process by kill -9 when the bus has events that the store still counts as pending.
class deadly_outbox final : public events::outbox {
 public:
  deadly_outbox(events::outbox& of, int rounds) : of_(of), rounds_(rounds) {}
  awaitable<result<std::vector<events::envelope>>> pending(const context& ctx,
                                                           std::size_t limit) override {
    co_return co_await of_.pending(ctx, limit);
  }
  awaitable<result<void>> confirmed(const context& ctx,
                                    const std::vector<events::envelope>& events) override {
    if (--rounds_ == 0) ::raise(SIGKILL);
    co_return co_await of_.confirmed(ctx, events);
  }
  runtime::notifier& changed() override { return of_.changed(); }

 private:
  events::outbox& of_;
  int rounds_;
};

// One process of a service: its bus, its way to the common store, its relay.
struct instance {
  instance(bus_ptr b, const std::string& file, const wall_clock& clock)
      : bus(std::move(b)),
        pool("database", 2, 64),
        db(embedded::make_sql(file, pool)),
        outbox(*db, "/oficio/test", clock) {}

  bus_ptr bus;
  runtime::blocking_pool pool;
  std::unique_ptr<sql::database> db;
  sql::outbox outbox;
};

class rabbitmq_relays : public rabbitmq_test {
 protected:
  rabbitmq_relays()
      : folder_(std::filesystem::temp_directory_path() / ("oficio-relays-" + random_hex(8))),
        file_((folder_ / "store.db").string()) {
    std::filesystem::create_directories(folder_);
  }
  ~rabbitmq_relays() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::unique_ptr<instance> start(bool first = false) {
    auto made = std::make_unique<instance>(open("&heartbeat=2"), file_, clock_);
    if (first) made->db->migrate({{1, "outbox", sql::outbox_table(sql::dialect::sqlite)}});
    return made;
  }
  void relay(runtime::task_group& tasks, instance& in, events::outbox& from) {
    tasks.spawn("relay", events::run_relay(from, *in.bus, telemetry::logger(nullptr, "test"),
                                           nullptr, "test.0"));
  }
  // `count` changes, each of one of seven subjects.
  void write(instance& in, int count) {
    for (int i = 0; i < count; ++i) {
      auto version = ++written_;
      auto done = run(in.db->write(context::for_system(), [&](soci::session& s) -> result<void> {
        in.outbox.append(s, context::for_system(), "subject " + std::to_string(version % 7),
                         version, {{"test.thing.changed", {}, {}}});
        return {};
      }));
      ASSERT_TRUE(done) << done.error().detail;
    }
    in.outbox.changed().notify();
  }
  std::size_t pending(instance& in) {
    return run(in.outbox.pending(context::for_system(), 10'000)).value().size();
  }

  // Notes each subject's versions as they are handled for the first time, and how often at all.
  void record(const bus_ptr& bus) {
    listen(bus, queue("relayed"), answering([this](const events::envelope& e) -> result<void> {
             std::lock_guard lock(guard_);
             ++handled_;
             auto& versions = versions_[e.subject];
             if (std::ranges::find(versions, e.version()) == versions.end()) {
               versions.push_back(e.version());
               ++different_;
             }
             return {};
           }));
  }
  int different() {
    std::lock_guard lock(guard_);
    return different_;
  }
  int handled() {
    std::lock_guard lock(guard_);
    return handled_;
  }
  bool in_order() {
    std::lock_guard lock(guard_);
    return std::ranges::all_of(versions_,
                               [](const auto& v) { return std::ranges::is_sorted(v.second); });
  }

  std::filesystem::path folder_;
  std::string file_;

 private:
  std::int64_t written_ = 0;
  std::mutex guard_;
  int handled_ = 0;
  int different_ = 0;
  std::map<std::string, std::vector<std::int64_t>> versions_;
};

TEST_F(rabbitmq_relays, one_of_two_relays_and_the_other_takes_over) {
  auto consumer = open();
  record(consumer);
  auto one = start(true);
  auto two = start();
  runtime::task_group first(io(), {});
  runtime::task_group second(io(), {});
  relay(first, *one, one->outbox);
  write(*one, 50);
  EXPECT_TRUE(becomes([&] { return different() == 50; }));  // it leads
  relay(second, *two, two->outbox);
  write(*one, 250);
  EXPECT_TRUE(becomes([&] { return different() == 300; }));
  // Written by the one that does not relay: it tells the other.
  write(*two, 100);
  EXPECT_TRUE(becomes([&] { return different() == 400; }));
  EXPECT_EQ(handled(), 400);
  EXPECT_TRUE(run(first.stop(5s)));
  close(one->bus);
  one.reset();
  write(*two, 100);
  EXPECT_TRUE(becomes([&] { return different() == 500; }));
  EXPECT_TRUE(becomes([&] { return pending(*two) == 0; }));
  EXPECT_EQ(handled(), 500);
  EXPECT_TRUE(in_order());
  EXPECT_TRUE(run(second.stop(5s)));
  close(two->bus);
  close(consumer);
}

// The other half of the next test.
TEST_F(rabbitmq_relays, as_a_child_dies_between_publishing_and_marking) {
  auto* file = std::getenv("OFICIO_TEST_CHILD_FILE");
  if (!file) GTEST_SKIP() << "only as a child of the next";
  exchange_ = std::getenv("OFICIO_TEST_CHILD_EXCHANGE");
  file_ = file;
  auto in = start();
  deadly_outbox outbox(in->outbox, 3);
  runtime::task_group tasks(io(), {});
  relay(tasks, *in, outbox);
  std::this_thread::sleep_for(60s);  // it does not come to that
}

TEST_F(rabbitmq_relays, nothing_is_lost_when_one_is_killed_between_publishing_and_marking) {
  auto consumer = open();
  record(consumer);
  auto in = start(true);
  write(*in, 500);
  auto file = "OFICIO_TEST_CHILD_FILE=" + file_;
  auto exchange = "OFICIO_TEST_CHILD_EXCHANGE=" + exchange_;
  auto server = "OFICIO_TEST_RABBITMQ=" + std::string(std::getenv("OFICIO_TEST_RABBITMQ"));
  std::string filter = "--gtest_filter=*as_a_child_dies_between_publishing_and_marking";
  std::string self = "/proc/self/exe";
  char* arguments[] = {self.data(), filter.data(), nullptr};
  char* environment[] = {file.data(), exchange.data(), server.data(), nullptr};
  pid_t child = 0;
  ASSERT_EQ(::posix_spawn(&child, self.c_str(), nullptr, nullptr, arguments, environment), 0);
  ASSERT_TRUE(becomes([&] { return different() >= 100; }));  // it leads
  runtime::task_group tasks(io(), {});
  relay(tasks, *in, in->outbox);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(becomes([&] { return different() == 500; }));
  EXPECT_TRUE(becomes([&] { return pending(*in) == 0; }));
  EXPECT_TRUE(in_order());
  // The batch that the child had published and not marked came twice.
  EXPECT_TRUE(becomes([&] { return handled() == 600; })) << handled();
  EXPECT_TRUE(run(tasks.stop(5s)));
  close(in->bus);
  close(consumer);
}

}  // namespace
}  // namespace oficio::rabbitmq
