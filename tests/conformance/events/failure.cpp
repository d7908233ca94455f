#include <atomic>

#include <gmock/gmock.h>

#include "platform/runtime/timing.hpp"
#include "suite.hpp"

namespace oficio::conformance {

using namespace std::chrono_literals;
using testing::ElementsAre;

namespace {

error refusal() {
  return {errc::unavailable, "away", "The store is away."};
}

}  // namespace

TEST_P(bus_conformance, tries_again_with_growing_pauses) {
  recorder attempts;
  std::mutex guard;
  std::vector<std::chrono::steady_clock::time_point> at;
  subscribe(queue("again", {"#"}), answering([&](const events::envelope& e) -> result<void> {
              std::size_t count = 0;
              {
                std::lock_guard lock(guard);
                at.push_back(std::chrono::steady_clock::now());
                count = at.size();
              }
              attempts.add(e);
              if (count < 3) return refusal();
              return {};
            }));
  auto e = event("a.b");
  publish({e});
  EXPECT_THAT(attempts.wait_for(3), ElementsAre(e.id, e.id, e.id));
  EXPECT_GE(at[1] - at[0], 19ms);
  EXPECT_GE(at[2] - at[1], 39ms);
  expect_status("again", 0, 0);
}

TEST_P(bus_conformance, an_exception_is_a_failure_like_any_other) {
  recorder seen;
  std::atomic<int> calls{0};
  subscribe(queue("throws", {"#"}), answering([&](const events::envelope& e) -> result<void> {
              if (calls++ == 0) throw std::runtime_error("boom");
              seen.add(e);
              return {};
            }));
  publish({event("a.b")});
  seen.wait_for(1);
  EXPECT_EQ(calls, 2);
}

TEST_P(bus_conformance, only_a_retry_lets_later_ones_of_the_subject_pass) {
  recorder seen;
  std::atomic<int> calls{0};
  subscribe(queue("passing", {"#"}), answering([&](const events::envelope& e) -> result<void> {
              if (calls++ == 0) return refusal();
              seen.add(e);
              return {};
            }));
  auto one = event("a.b");
  auto two = event("a.b");
  publish({one, two});
  EXPECT_THAT(seen.wait_for(2), ElementsAre(two.id, one.id));
}

TEST_P(bus_conformance, rests_as_a_dead_letter_after_the_last_attempt_and_can_be_replayed) {
  recorder attempts;
  std::atomic<bool> mended{false};
  subscribe(queue("dead", {"#"}), answering([&](const events::envelope& e) -> result<void> {
              attempts.add(e);
              if (!mended) return refusal();
              return {};
            }));
  auto e = event("a.b");
  publish({e});
  attempts.wait_for(3);
  expect_status("dead", 0, 1);
  auto dead = run(bus_->dead_letters(context::for_system(), 10));
  ASSERT_EQ(dead->size(), 1U);
  EXPECT_EQ(dead->front().event.id, e.id);
  EXPECT_EQ(dead->front().queue, named("dead"));
  EXPECT_EQ(dead->front().attempts, 3);
  EXPECT_THAT(dead->front().reason, testing::HasSubstr("The store is away."));
  EXPECT_LT(place_->clock.now() - dead->front().died_at, 20s);

  mended = true;
  ASSERT_TRUE(run(bus_->replay(context::for_system(), e.id, named("dead"))));
  attempts.wait_for(4);
  expect_status("dead", 0, 0);
  EXPECT_TRUE(run(bus_->dead_letters(context::for_system(), 10))->empty());
}

TEST_P(bus_conformance, a_dead_letter_outlives_a_restart) {
  recorder first;
  auto q = queue("buried", {"#"});
  q.retry_pauses = {};
  subscribe(q, answering([&](const events::envelope&) -> result<void> { return refusal(); }));
  auto e = event("a.b");
  publish({e});
  expect_status("buried", 0, 1);
  restart();
  listen("buried", {"#"}, first);
  ASSERT_TRUE(run(bus_->replay(context::for_system(), e.id, named("buried"))));
  EXPECT_THAT(first.wait_for(1), ElementsAre(e.id));
  expect_status("buried", 0, 0);
}

TEST_P(bus_conformance, refuses_to_replay_what_is_no_dead_letter) {
  recorder seen;
  listen("fine", {"#"}, seen);
  EXPECT_EQ(run(bus_->replay(context::for_system(), "none", named("fine"))).error().kind,
            errc::not_found);
  EXPECT_EQ(run(bus_->replay(context::for_system(), "none", named("nowhere"))).error().kind,
            errc::not_found);
}

TEST_P(bus_conformance, a_retry_that_waits_outlives_a_restart) {
  recorder second;
  std::promise<void> failed;
  auto q = queue("waits", {"#"});
  q.retry_pauses = {place_->long_pause()};
  subscribe(q, answering([&](const events::envelope&) -> result<void> {
              failed.set_value();
              return refusal();
            }));
  auto e = event("a.b");
  publish({e});
  ASSERT_EQ(failed.get_future().wait_for(20s), std::future_status::ready);
  restart();
  subscribe(q, answering([&](const events::envelope& again) -> result<void> {
              second.add(again);
              return {};
            }));
  expect_status("waits", 1, 0);
  EXPECT_TRUE(second.ids().empty());
  place_->let_pass(2 * q.retry_pauses.front());
  EXPECT_THAT(second.wait_for(1), ElementsAre(e.id));
}

TEST_P(bus_conformance, hands_out_again_what_a_stop_interrupted) {
  recorder second;
  std::promise<void> begun;
  auto hang = [&](events::envelope) -> awaitable<result<void>> {
    begun.set_value();
    for (;;) co_await runtime::sleep_for(1h);
  };
  auto q = queue("stuck", {"#"});
  q.prefetch = 1;
  subscribe(q, [&](const events::envelope& e, const context&) { return hang(e); });
  auto one = event("a.b");
  auto two = event("a.b");
  publish({one, two});
  ASSERT_EQ(begun.get_future().wait_for(20s), std::future_status::ready);
  run(bus_->stop(50ms));
  bus_.reset();
  open();
  listen("stuck", {"#"}, second);
  EXPECT_THAT(second.wait_for(2), ElementsAre(one.id, two.id));
}

TEST_P(bus_conformance, a_stop_waits_for_handlers_at_work) {
  std::promise<void> begun;
  std::atomic<bool> ended{false};
  auto slow = [&](events::envelope) -> awaitable<result<void>> {
    begun.set_value();
    co_await runtime::sleep_for(100ms);
    ended = true;
    co_return result<void>{};
  };
  subscribe(queue("slow", {"#"}),
            [&](const events::envelope& e, const context&) { return slow(e); });
  publish({event("a.b")});
  ASSERT_EQ(begun.get_future().wait_for(20s), std::future_status::ready);
  run(bus_->stop(5s));
  EXPECT_TRUE(ended);
  bus_.reset();
  open();
  expect_status("slow", 0, 0);
}

TEST_P(bus_conformance, a_batch_that_is_too_late_is_kept_not_at_all) {
  recorder seen;
  listen("late", {"#"}, seen);
  auto late = context::for_system();
  late.deadline = std::chrono::steady_clock::now() - 1s;
  auto refused = run(bus_->publish(late, {event("a.b"), event("a.b")}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, errc::timeout);
  auto wanted = event("a.b");
  publish({wanted});
  EXPECT_THAT(seen.wait_for(1), ElementsAre(wanted.id));
}

TEST_P(bus_conformance, catches_up_with_more_than_it_holds_in_memory) {
  std::atomic<bool> open_gate{false};
  recorder seen;
  auto gated = [&](events::envelope e) -> awaitable<result<void>> {
    while (!open_gate) co_await runtime::sleep_for(1ms);
    seen.add(e);
    co_return result<void>{};
  };
  subscribe(queue("backlog", {"#"}),
            [&](const events::envelope& e, const context&) { return gated(e); });
  std::vector<std::string> sent;
  for (int batch = 0; batch < 30; ++batch) {
    std::vector<events::envelope> events;
    for (int i = 0; i < 100; ++i) events.push_back(event("a.b"));
    for (const auto& e : events) sent.push_back(e.id);
    publish(std::move(events));
    if (batch == 20) open_gate = true;
  }
  EXPECT_THAT(seen.wait_for(3'000), testing::ElementsAreArray(sent));
  expect_status("backlog", 0, 0);
}

}  // namespace oficio::conformance
