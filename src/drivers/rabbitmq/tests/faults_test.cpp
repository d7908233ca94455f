#include <atomic>
#include <map>
#include <set>

#include <gmock/gmock.h>

#include "drivers/rabbitmq/consumer.hpp"
#include "drivers/rabbitmq/topology.hpp"
#include "fixture.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::rabbitmq {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// Publishes without a pause, as a relay does: until the bus has it, each event again and again.
class steady_publisher {
 public:
  using publish = std::function<result<void>(std::vector<events::envelope>)>;
  steady_publisher(std::function<events::envelope()> make, publish to)
      : thread_([this, make = std::move(make), to = std::move(to)](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            std::vector<events::envelope> some;
            for (int i = 0; i < 10; ++i) some.push_back(make());
            while (!stop.stop_requested()) {
              if (to(some)) {
                for (const auto& e : some) kept.add(e.id);
                break;
              }
              ++failures;
              std::this_thread::sleep_for(20ms);
            }
          }
        }) {}
  void end() {
    thread_.request_stop();
    thread_.join();
  }

  log_of_ids kept;
  std::atomic<int> failures{0};

 private:
  std::jthread thread_;
};

class rabbitmq_faults : public rabbitmq_test {
 protected:
  steady_publisher::publish publishing(const bus_ptr& bus, std::chrono::milliseconds patience) {
    return [this, bus, patience](std::vector<events::envelope> events) {
      return publish(bus, std::move(events), patience);
    };
  }
};

TEST_F(rabbitmq_faults, lose_nothing_when_the_server_is_killed_under_load) {
  auto bus = open("&heartbeat=5");
  log_of_ids seen;
  std::atomic<int> calls{0};
  auto q = queue("load");
  q.retry_pauses = {50ms, 100ms, 200ms, 400ms};
  listen(bus, q, answering([&](const events::envelope& e) -> result<void> {
           if (++calls % 9 == 0) return error{errc::unavailable, "away", "Just now."};
           seen.add(e.id);
           return {};
         }));
  std::atomic<int> subject{0};
  steady_publisher load([&] { return event("subject " + std::to_string(++subject % 7)); },
                        publishing(bus, 5s));
  for (int round = 0; round < 2; ++round) {
    auto before = seen.ids().size();
    ASSERT_TRUE(becomes([&] { return seen.ids().size() > before + 300; }, 60s));
    server("kill");
    ASSERT_TRUE(becomes([&] {
      auto refused = publish(bus, {event()}, 5s);
      return !refused && refused.error().code == "events_unavailable";
    }));
    // Fast, although nobody is there.
    auto begun = steady_clock::now();
    EXPECT_FALSE(publish(bus, {event()}, 20s));
    EXPECT_LT(steady_clock::now() - begun, 2s);
    server("start");
  }
  auto before = seen.ids().size();
  ASSERT_TRUE(becomes([&] { return seen.ids().size() > before + 300; }, 60s));
  load.end();
  EXPECT_GT(load.failures, 0);
  EXPECT_TRUE(seen.wait_for_all(load.kept.ids()));
  expect_status(bus, "load", 0, 0);
  close(bus);
}

TEST_F(rabbitmq_faults, notice_a_server_that_hangs_and_keep_deadlines) {
  auto bus = open("&heartbeat=1");
  log_of_ids seen;
  listen(bus, "hanging", seen);
  auto first = event();
  ASSERT_TRUE(publish(bus, {first}));
  ASSERT_TRUE(seen.wait_for_all({first.id}));
  server("pause");
  auto begun = steady_clock::now();
  auto late = publish(bus, {event()}, 500ms);
  ASSERT_FALSE(late);
  EXPECT_FALSE(run(bus->status(context::for_system(500ms))));
  EXPECT_LT(steady_clock::now() - begun, 5s);
  EXPECT_TRUE(becomes([&] {
    auto refused = publish(bus, {event()}, 10s);
    return !refused && refused.error().code == "events_unavailable";
  }));
  server("resume");
  auto last = event();
  EXPECT_TRUE(becomes([&] { return publish(bus, {last}, 2s).has_value(); }));
  EXPECT_TRUE(seen.wait_for_all({last.id}));
  expect_status(bus, "hanging", 0, 0);
  close(bus);
}

TEST_F(rabbitmq_faults, a_stop_does_not_wait_for_a_server_that_hangs) {
  auto bus = open();
  log_of_ids seen;
  listen(bus, "stopping", seen);
  server("pause");
  auto begun = steady_clock::now();
  close(bus, 1s);
  bus.reset();
  auto took = steady_clock::now() - begun;
  server("resume");
  EXPECT_LT(took, 15s);
}

// Handlers that are at work while the connection breaks: their events come again, and a subject's
// are still handled one after another.
TEST_F(rabbitmq_faults, keep_a_subject_to_one_handler_over_a_lost_connection) {
  auto bus = open("&heartbeat=5");
  std::atomic<bool> gate{false};
  std::atomic<int> at_work{0};
  std::atomic<int> most{0};
  log_of_ids seen;
  auto slow = [&](events::envelope e) -> awaitable<result<void>> {
    most = std::max<int>(most, ++at_work);
    while (!gate) co_await runtime::sleep_for(1ms);
    --at_work;
    seen.add(e.id);
    co_return result<void>{};
  };
  listen(bus, queue("one"), [&](const events::envelope& e, const context&) { return slow(e); });
  std::vector<events::envelope> some{event(), event(), event()};
  std::vector<std::string> ids;
  for (const auto& e : some) ids.push_back(e.id);
  ASSERT_TRUE(publish(bus, some));
  ASSERT_TRUE(becomes([&] { return at_work == 1; }));
  server("kill");
  server("start");
  auto last = event();
  ids.push_back(last.id);
  ASSERT_TRUE(becomes([&] { return publish(bus, {last}, 2s).has_value(); }));
  gate = true;
  EXPECT_TRUE(seen.wait_for_all(ids));
  expect_status(bus, "one", 0, 0);
  EXPECT_EQ(most, 1);
  close(bus);
}

// A queue that is not durable outlives a short absence, so that its process misses nothing.
TEST_F(rabbitmq_faults, a_passing_queue_outlives_a_lost_connection) {
  auto bus = open("&heartbeat=5");
  log_of_ids seen;
  auto q = queue("passing");
  q.durable = false;
  listen(bus, q, answering([&](const events::envelope& e) -> result<void> {
           seen.add(e.id);
           return {};
         }));
  server("kill");
  server("start");
  auto other = open();
  auto e = event();
  ASSERT_TRUE(becomes([&] { return publish(other, {e}, 2s).has_value(); }));
  EXPECT_TRUE(seen.wait_for_all({e.id}));
  close(other);
  close(bus);
}

// Hears what one consumer is sent.
class hearing final : public receiver {
 public:
  void on_delivery(const listened_ptr& q, std::int64_t number, message m) override {
    seen.add(m.id);
    by->acknowledge(q, number);
  }
  void on_restart(const listened_ptr&) override {}

  consumer* by = nullptr;
  log_of_ids seen;
};

// One that the server forgot is there again, and whoever listens to it is told that it missed some.
TEST_F(rabbitmq_faults, a_passing_queue_that_was_forgotten_tells_so) {
  access to{.address = address(), .tls = {}, .vhost = address().path, .exchange = exchange_};
  hearing to_whom;
  consumer listening(to, "test", to_whom, telemetry::logger(nullptr, "test"));
  to_whom.by = &listening;
  listening.start();
  ASSERT_TRUE(listening.wait_up(steady_clock::now() + 10s));
  std::atomic<int> missed{0};
  auto q = std::make_shared<listened>();
  q->options = queue("passing");
  q->options.durable = false;
  q->options.missed = [&] { ++missed; };
  q->queue = named("passing.one");
  ASSERT_TRUE(run(listening.listen(context::for_system(), q)));
  auto bus = open();
  auto first = event();
  ASSERT_TRUE(publish(bus, {first}));
  EXPECT_TRUE(to_whom.seen.wait_for_all({first.id}));

  // A lost connection alone loses nothing.
  server("kill");
  server("start");
  auto second = event();
  ASSERT_TRUE(becomes([&] { return publish(bus, {second}, 2s).has_value(); }));
  EXPECT_TRUE(to_whom.seen.wait_for_all({second.id}));
  EXPECT_EQ(missed, 0);

  bare()->delete_queue(1, q->queue);
  EXPECT_TRUE(becomes([&] { return missed == 1; }));
  auto third = event();
  ASSERT_TRUE(publish(bus, {third}));
  EXPECT_TRUE(to_whom.seen.wait_for_all({third.id}));
  EXPECT_EQ(missed, 1);
  close(bus);
  listening.end(5s);
}

}  // namespace
}  // namespace oficio::rabbitmq
