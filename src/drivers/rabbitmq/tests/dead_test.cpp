#include <future>

#include <gmock/gmock.h>

#include "drivers/rabbitmq/topology.hpp"
#include "fixture.hpp"

namespace oficio::rabbitmq {
namespace {

using namespace std::chrono_literals;

class rabbitmq_dead : public rabbitmq_test {
 protected:
  // `count` events that are dead at once, in this order.
  std::vector<std::string> kill(const bus_ptr& bus, const std::string& name, int count) {
    auto q = queue(name);
    q.retry_pauses = {};
    q.prefetch = 1;
    listen(bus, q, answering([](const events::envelope&) -> result<void> {
             return error{errc::unavailable, "away", "The store is away."};
           }));
    std::vector<std::string> ids;
    std::vector<events::envelope> some;
    for (int i = 0; i < count; ++i) {
      some.push_back(event());
      ids.push_back(some.back().id);
    }
    EXPECT_TRUE(publish(bus, std::move(some)));
    expect_status(bus, name, 0, static_cast<std::size_t>(count));
    return ids;
  }

  std::vector<std::string> listed(const bus_ptr& bus, std::size_t limit) {
    std::vector<std::string> ids;
    for (const auto& d : run(bus->dead_letters(context::for_system(30s), limit)).value()) {
      ids.push_back(d.event.id);
    }
    return ids;
  }
};

TEST_F(rabbitmq_dead, are_listed_the_same_by_many_at_once) {
  auto bus = open();
  auto ids = kill(bus, "many", 200);
  std::vector<std::future<std::vector<std::string>>> askers;
  for (int i = 0; i < 6; ++i) {
    askers.push_back(std::async(std::launch::async, [&] { return listed(bus, 1'000); }));
  }
  // Another process would take the way that this one takes.
  log_of_ids never;
  auto other = open();
  auto q = queue("many");
  q.retry_pauses = {};
  listen(other, q, answering([&](const events::envelope& e) -> result<void> {
           never.add(e.id);
           return {};
         }));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(listed(other, 1'000), ids);
  for (auto& a : askers) EXPECT_EQ(a.get(), ids);
  EXPECT_EQ(listed(bus, 10), std::vector<std::string>(ids.begin(), ids.begin() + 10));
  // A look at the first few had more in hand, and the server may put two of those back the other
  // way round.
  EXPECT_THAT(listed(bus, 1'000), testing::UnorderedElementsAreArray(ids));
  expect_status(bus, "many", 0, 200);
  close(other);
  close(bus);
}

TEST_F(rabbitmq_dead, one_from_the_middle_is_replayed_and_the_others_stay) {
  auto bus = open();
  auto ids = kill(bus, "middle", 20);
  close(bus);
  bus = open();
  log_of_ids seen;
  listen(bus, "middle", seen);
  ASSERT_TRUE(run(bus->replay(context::for_system(), ids[7], named("middle"))));
  ASSERT_TRUE(seen.wait_for(1));
  EXPECT_THAT(seen.ids(), testing::ElementsAre(ids[7]));
  auto left = ids;
  left.erase(left.begin() + 7);
  EXPECT_THAT(listed(bus, 100), testing::UnorderedElementsAreArray(left));
  EXPECT_EQ(run(bus->replay(context::for_system(), ids[7], named("middle"))).error().kind,
            errc::not_found);
  close(bus);
}

TEST_F(rabbitmq_dead, of_several_queues_come_by_time) {
  auto bus = open();
  auto early = kill(bus, "early", 1);
  // The exchange feeds both: the first queue has a second dead letter by now.
  auto late = kill(bus, "late", 1);
  expect_status(bus, "early", 0, 2);
  auto all = run(bus->dead_letters(context::for_system(), 10)).value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].event.id, early[0]);
  EXPECT_EQ(all[0].queue, named("early"));
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, &events::dead_letter::died_at));
  close(bus);
}

// Whoever is killed with the lock, and with letters in hand, holds nobody up.
TEST_F(rabbitmq_dead, outlive_whoever_was_looking_through_them) {
  auto bus = open();
  auto ids = kill(bus, "looked", 5);
  auto raw = bare();
  raw->declare_queue(1, dead_lock(named("looked")), {.durable = false, .exclusive = true}, {});
  raw->limit_unacknowledged(1, 5);
  raw->consume(1, dead_queue(named("looked")));
  ASSERT_TRUE(raw->next(5s));
  auto hurried = run(bus->dead_letters(context::for_system(300ms), 10));
  ASSERT_FALSE(hurried);
  EXPECT_EQ(hurried.error().kind, errc::timeout) << hurried.error().detail;
  raw.reset();  // without a good-bye
  // The server takes a moment to notice, and to put back what that one had in hand.
  auto until = std::chrono::steady_clock::now() + 10s;
  while (listed(bus, 10) != ids && std::chrono::steady_clock::now() < until) {
  }
  EXPECT_EQ(listed(bus, 10), ids);
  close(bus);
}

}  // namespace
}  // namespace oficio::rabbitmq
