#include <atomic>
#include <cstdlib>
#include <map>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/rabbitmq/topology.hpp"
#include "fixture.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::rabbitmq {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

error refusal() {
  return {errc::unavailable, "away", "The store is away."};
}

class rabbitmq_bus : public rabbitmq_test {};

TEST_F(rabbitmq_bus, a_retry_does_not_tell_other_queues_again) {
  auto bus = open();
  log_of_ids failing;
  log_of_ids other;
  listen(bus, "other", other);
  listen(bus, queue("failing"), answering([&](const events::envelope& e) -> result<void> {
           failing.add(e.id);
           if (failing.count(e.id) < 3) return refusal();
           return {};
         }));
  auto e = event();
  ASSERT_TRUE(publish(bus, {e}));
  ASSERT_TRUE(failing.wait_for(3));
  auto last = event();
  ASSERT_TRUE(publish(bus, {last}));
  ASSERT_TRUE(other.wait_for_all({last.id}));
  EXPECT_THAT(other.ids(), ElementsAre(e.id, last.id));
  expect_status(bus, "failing", 0, 0);
  close(bus);
}

TEST_F(rabbitmq_bus, what_is_no_event_rests_as_a_dead_letter_and_blocks_nobody) {
  auto bus = open();
  log_of_ids seen;
  listen(bus, "poisoned", seen);
  auto raw = bare();
  message poison;
  poison.body = "{\"no\": \"event\"}";
  raw->publish(1, exchange_, "test.poison", false, poison);
  message huge;
  huge.body.assign(largest_body + 1, 'x');
  raw->publish(1, exchange_, "test.poison", false, huge);
  expect_status(bus, "poisoned", 0, 2);
  auto e = event();
  ASSERT_TRUE(publish(bus, {e}));
  ASSERT_TRUE(seen.wait_for(1));
  EXPECT_THAT(seen.ids(), ElementsAre(e.id));

  auto dead = run(bus->dead_letters(context::for_system(), 10)).value();
  ASSERT_EQ(dead.size(), 2U);
  auto& told = dead[0].reason.starts_with("malformed_event") ? dead[0] : dead[1];
  EXPECT_THAT(told.reason, testing::StartsWith("malformed_event: "));
  EXPECT_EQ(told.event.type, "malformed");
  EXPECT_LT(clock_.now() - told.died_at, 60s);
  // Handed out again, it is none again.
  ASSERT_TRUE(run(bus->replay(context::for_system(), told.event.id, named("poisoned"))));
  expect_status(bus, "poisoned", 0, 2);
  close(bus);
}

TEST_F(rabbitmq_bus, a_full_queue_refuses_rather_than_loses) {
  auto bus = open("&max_length=20");
  std::atomic<bool> gate{false};
  log_of_ids seen;
  auto gated = [&](events::envelope e) -> awaitable<result<void>> {
    while (!gate) co_await runtime::sleep_for(1ms);
    seen.add(e.id);
    co_return result<void>{};
  };
  auto q = queue("full");
  q.prefetch = 1;
  listen(bus, q, [&](const events::envelope& e, const context&) { return gated(e); });
  std::vector<std::string> kept;
  result<void> refused;
  for (int i = 0; i < 2'000 && refused; ++i) {
    auto e = event();
    refused = publish(bus, {e});
    if (refused) kept.push_back(e.id);
  }
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, errc::unavailable);
  EXPECT_EQ(refused.error().code, "events_unavailable");
  gate = true;
  EXPECT_TRUE(seen.wait_for_all(kept));
  auto e = event();
  EXPECT_TRUE(becomes([&] { return publish(bus, {e}).has_value(); }));
  EXPECT_TRUE(seen.wait_for_all({e.id}));
  close(bus);
}

TEST_F(rabbitmq_bus, a_queue_that_is_there_with_other_arguments_is_told) {
  auto first = open();
  log_of_ids seen;
  listen(first, "differs", seen);
  auto second = open("&max_length=7");
  auto differs = run(second->subscribe(
      queue("differs"), answering([](const events::envelope&) { return result<void>{}; })));
  ASSERT_FALSE(differs);
  EXPECT_EQ(differs.error().code, "queue_differs");
  // Its connection lives on.
  auto e = event();
  EXPECT_TRUE(publish(second, {e}));
  EXPECT_TRUE(seen.wait_for_all({e.id}));
  close(second);
  close(first);
}

// One process has the queue, the next takes over when it goes: every subject in order over both.
TEST_F(rabbitmq_bus, keeps_a_subjects_order_over_processes) {
  auto first = open();
  auto second = open();
  std::mutex guard;
  std::map<std::string, std::vector<std::string>> order;
  log_of_ids by_first;
  log_of_ids by_second;
  auto noting = [&](log_of_ids& to) {
    return answering([&](const events::envelope& e) -> result<void> {
      {
        std::lock_guard lock(guard);
        auto& seen = order[e.subject];
        if (std::ranges::find(seen, e.id) == seen.end()) seen.push_back(e.id);
      }
      to.add(e.id);
      return {};
    });
  };
  listen(first, queue("shared"), noting(by_first));
  listen(second, queue("shared"), noting(by_second));
  auto publisher = open();
  std::map<std::string, std::vector<std::string>> sent;
  std::vector<std::string> all;
  for (int i = 0; i < 50; ++i) {
    std::vector<events::envelope> some;
    for (int k = 0; k < 20; ++k) {
      some.push_back(event("subject " + std::to_string(k % 5)));
      sent[some.back().subject].push_back(some.back().id);
      all.push_back(some.back().id);
    }
    ASSERT_TRUE(publish(publisher, std::move(some)));
    if (i == 25) {
      EXPECT_TRUE(by_second.ids().empty());
      close(first);
    }
  }
  ASSERT_TRUE(becomes([&] { return by_first.ids().size() + by_second.ids().size() >= 1'000; }));
  EXPECT_FALSE(by_second.ids().empty());
  {
    std::lock_guard lock(guard);
    EXPECT_EQ(order, sent);
  }
  close(second);
  close(publisher);
}

// The other half of the next test: ends itself by kill -9 between its write and its
// acknowledgement.
TEST_F(rabbitmq_bus, as_a_child_dies_in_the_handler) {
  auto* name = std::getenv("OFICIO_TEST_CHILD_QUEUE");
  if (!name) GTEST_SKIP() << "only as a child of the next";
  exchange_ = std::getenv("OFICIO_TEST_CHILD_EXCHANGE");
  auto bus = open();
  auto q = queue("child");
  q.name = name;
  listen(bus, q, answering([](const events::envelope& e) -> result<void> {
           auto line = e.id + "\n";
           if (::write(STDOUT_FILENO, line.data(), line.size()) > 0) ::raise(SIGKILL);
           return {};
         }));
  std::this_thread::sleep_for(60s);  // it does not come to that
}

TEST_F(rabbitmq_bus, what_a_killed_process_had_in_hand_comes_again) {
  auto bus = open();
  log_of_ids seen;
  listen(bus, "child", seen);  // declares it
  close(bus);
  bus.reset();

  auto queue_name = "OFICIO_TEST_CHILD_QUEUE=" + named("child");
  auto exchange = "OFICIO_TEST_CHILD_EXCHANGE=" + exchange_;
  auto server = "OFICIO_TEST_RABBITMQ=" + std::string(std::getenv("OFICIO_TEST_RABBITMQ"));
  std::string filter = "--gtest_filter=rabbitmq_bus.as_a_child_dies_in_the_handler";
  std::string self = "/proc/self/exe";
  char* arguments[] = {self.data(), filter.data(), nullptr};
  char* environment[] = {queue_name.data(), exchange.data(), server.data(), nullptr};
  pid_t child = 0;
  ASSERT_EQ(::posix_spawn(&child, self.c_str(), nullptr, nullptr, arguments, environment), 0);

  bus = open();
  auto one = event();
  auto two = event();
  ASSERT_TRUE(publish(bus, {one, two}));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(seen.ids().empty());
  listen(bus, "child", seen);
  EXPECT_TRUE(seen.wait_for(2));
  EXPECT_THAT(seen.ids(), ElementsAre(one.id, two.id));
  expect_status(bus, "child", 0, 0);
  close(bus);
}

// An event that ends every process that handles it does not do so for ever.
TEST_F(rabbitmq_bus, what_nobody_ever_answers_becomes_a_dead_letter) {
  auto bus = open();
  log_of_ids seen;
  listen(bus, "deadly", seen);
  close(bus);
  bus = open();
  auto e = event();
  ASSERT_TRUE(publish(bus, {e}));
  auto raw = bare();
  for (int i = 0; i < 200; ++i) {
    raw->limit_unacknowledged(1, 1);
    raw->consume(1, named("deadly"));
    auto came = raw->next(1s);
    raw->close_channel(1);
    raw->open_channel(1);
    if (!came) break;
  }
  listen(bus, "deadly", seen);
  expect_status(bus, "deadly", 0, 1);
  auto dead = run(bus->dead_letters(context::for_system(), 10)).value();
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].event.id, e.id);
  EXPECT_THAT(dead[0].reason, testing::StartsWith("delivery_limit: "));
  EXPECT_LT(clock_.now() - dead[0].died_at, 120s);
  EXPECT_TRUE(seen.ids().empty());
  close(bus);
}

}  // namespace
}  // namespace oficio::rabbitmq
