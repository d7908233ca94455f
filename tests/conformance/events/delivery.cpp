#include <atomic>
#include <set>

#include <gmock/gmock.h>

#include "platform/runtime/timing.hpp"
#include "suite.hpp"

namespace oficio::conformance {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::ElementsAreArray;

namespace {

std::vector<std::string> ids_of(const std::vector<events::envelope>& events) {
  std::vector<std::string> ids;
  for (const auto& e : events) ids.push_back(e.id);
  return ids;
}

}  // namespace

TEST_P(bus_conformance, hands_an_event_to_every_queue_that_wants_it) {
  recorder gigs;
  recorder all;
  recorder other;
  listen("gigs", {"gigs.gig.*"}, gigs);
  listen("all", {"#"}, all);
  listen("other", {"auth.#", "gigs.*"}, other);
  auto gig = event("gigs.gig.published");
  auto account = event("auth.account.registered");
  publish({gig, account});
  EXPECT_THAT(gigs.wait_for(1), ElementsAre(gig.id));
  EXPECT_THAT(all.wait_for(2), ElementsAre(gig.id, account.id));
  EXPECT_THAT(other.wait_for(1), ElementsAre(account.id));
}

TEST_P(bus_conformance, hands_the_whole_event_on) {
  std::promise<events::envelope> came;
  std::promise<context> with;
  subscribe(queue("whole", {"gigs.#"}), [&](const events::envelope& e, const context& ctx) {
    came.set_value(e);
    with.set_value(ctx);
    return []() -> awaitable<result<void>> { co_return result<void>{}; }();
  });
  auto sent = event("gigs.gig.published");
  sent.republished = true;
  sent.data["text"] = "añil \"quoted\"";
  publish({sent});
  auto got = came.get_future();
  ASSERT_EQ(got.wait_for(20s), std::future_status::ready);
  auto e = got.get();
  EXPECT_EQ(events::to_json(e), events::to_json(sent));
  auto ctx = with.get_future().get();
  EXPECT_TRUE(ctx.who.is_system());
  EXPECT_EQ(ctx.trace.trace_id, trace_context::from_header(sent.traceparent)->trace_id);
  EXPECT_GT(ctx.remaining(), 25s);
}

TEST_P(bus_conformance, forgets_an_event_that_no_queue_wants) {
  recorder seen;
  publish({event("nobody.wants.this")});
  listen("late", {"#"}, seen);
  auto wanted = event("some.thing");
  publish({wanted});
  EXPECT_THAT(seen.wait_for(1), ElementsAre(wanted.id));
}

TEST_P(bus_conformance, does_not_hand_out_again_what_was_handled) {
  recorder first;
  recorder second;
  listen("acked", {"#"}, first);
  publish({event("a.b"), event("a.b")});
  first.wait_for(2);
  restart();
  listen("acked", {"#"}, second);
  auto later = event("a.b");
  publish({later});
  EXPECT_THAT(second.wait_for(1), ElementsAre(later.id));
  expect_status("acked", 0, 0);
}

TEST_P(bus_conformance, keeps_events_for_a_queue_that_nobody_listens_to_any_more) {
  recorder first;
  recorder second;
  listen("away", {"a.*"}, first);
  restart();
  auto one = event("a.b");
  auto two = event("a.c", "two");
  publish({one, event("b.c")});
  restart();
  publish({two});
  listen("away", {"a.*"}, second);
  EXPECT_THAT(second.wait_for(2), testing::UnorderedElementsAre(one.id, two.id));
  EXPECT_TRUE(first.ids().empty());
}

TEST_P(bus_conformance, a_queue_goes_by_its_newest_patterns) {
  recorder first;
  recorder second;
  listen("patterns", {"a.*", "b.*"}, first);
  restart();
  listen("patterns", {"b.*", "c.*"}, second);
  auto kept = event("b.x");
  auto wanted_now = event("c.x");
  publish({event("a.x"), kept, wanted_now});
  EXPECT_THAT(second.wait_for(2), ElementsAre(kept.id, wanted_now.id));
  expect_status("patterns", 0, 0);
}

TEST_P(bus_conformance, a_queue_that_is_not_durable_ends_with_its_subscription) {
  recorder first;
  recorder second;
  auto q = queue("passing", {"#"});
  q.durable = false;
  auto to = [](recorder& r) {
    return answering([&r](const events::envelope& e) {
      r.add(e);
      return result<void>{};
    });
  };
  subscribe(q, to(first));
  publish({event("a.b")});
  first.wait_for(1);
  restart();
  publish({event("a.b")});
  subscribe(q, to(second));
  auto later = event("a.b");
  publish({later});
  EXPECT_THAT(second.wait_for(1), ElementsAre(later.id));
}

TEST_P(bus_conformance, a_queue_has_one_handler_and_stays_as_durable_as_it_was) {
  recorder seen;
  listen("one", {"#"}, seen);
  auto nothing = answering([](const events::envelope&) { return result<void>{}; });
  EXPECT_EQ(run(bus_->subscribe(queue("one", {"#"}), nothing)).error().kind, errc::conflict);
  auto passing = queue("one", {"#"});
  passing.durable = false;
  EXPECT_EQ(run(bus_->subscribe(passing, nothing)).error().kind, errc::conflict);
}

// A handler that notes how many are at work at once, by subject and together.
struct crowd {
  std::mutex guard;
  std::map<std::string, int> by_subject;
  int now = 0;
  int most = 0;
  bool overlapped = false;
  std::map<std::string, std::vector<std::string>> order;

  awaitable<result<void>> handle(events::envelope e, recorder& seen) {
    {
      std::lock_guard lock(guard);
      if (++by_subject[e.subject] > 1) overlapped = true;
      most = std::max(most, ++now);
      order[e.subject].push_back(e.id);
    }
    co_await runtime::sleep_for(1ms);
    {
      std::lock_guard lock(guard);
      --by_subject[e.subject];
      --now;
    }
    seen.add(e);
    co_return result<void>{};
  }
};

TEST_P(bus_conformance, keeps_each_subjects_order_and_no_more_at_once_than_asked) {
  crowd c;
  recorder seen;
  auto q = queue("crowd", {"#"});
  q.prefetch = 4;
  subscribe(q, [&](const events::envelope& e, const context&) { return c.handle(e, seen); });
  std::map<std::string, std::vector<std::string>> sent;
  for (int batch = 0; batch < 20; ++batch) {
    std::vector<events::envelope> events;
    for (int i = 0; i < 50; ++i) {
      events.push_back(event("a.b", "subject " + std::to_string(i % 10)));
      sent[events.back().subject].push_back(events.back().id);
    }
    publish(std::move(events));
  }
  seen.wait_for(1'000);
  EXPECT_EQ(c.order, sent);
  EXPECT_FALSE(c.overlapped);
  EXPECT_EQ(c.most, 4);
}

TEST_P(bus_conformance, a_slow_subject_does_not_hold_up_others) {
  std::atomic<bool> open{false};
  recorder seen;
  auto slow = [&](events::envelope e) -> awaitable<result<void>> {
    while (e.subject == "slow" && !open) co_await runtime::sleep_for(1ms);
    seen.add(e);
    co_return result<void>{};
  };
  subscribe(queue("mixed", {"#"}),
            [&](const events::envelope& e, const context&) { return slow(e); });
  auto blocked = event("a.b", "slow");
  auto free = event("a.b", "quick");
  publish({blocked, event("a.b", "slow"), free});
  EXPECT_THAT(seen.wait_for(1), ElementsAre(free.id));
  open = true;
  seen.wait_for(3);
}

TEST_P(bus_conformance, passes_ten_thousand_events_in_order) {
  recorder seen;
  listen("many", {"load.#"}, seen);
  std::vector<std::string> sent;
  for (int batch = 0; batch < 100; ++batch) {
    std::vector<events::envelope> events;
    for (int i = 0; i < 100; ++i) events.push_back(event("load.test"));
    std::ranges::copy(ids_of(events), std::back_inserter(sent));
    publish(std::move(events));
  }
  EXPECT_THAT(seen.wait_for(10'000), ElementsAreArray(sent));
  expect_status("many", 0, 0);
}

awaitable<result<void>> publish_many(std::shared_ptr<events::bus> to,
                                     std::vector<events::envelope> events) {
  for (auto& e : events) {
    std::vector<events::envelope> one{std::move(e)};
    auto done = co_await to->publish(context::for_system(20s), std::move(one));
    if (!done) co_return done;
  }
  co_return result<void>{};
}

TEST_P(bus_conformance, keeps_order_for_publishers_side_by_side) {
  recorder seen;
  listen("beside", {"#"}, seen);
  std::vector<std::future<result<void>>> publishers;
  std::map<std::string, std::vector<std::string>> sent;
  std::map<std::string, std::string> subject_of;
  for (int p = 0; p < 8; ++p) {
    std::vector<events::envelope> events;
    for (int i = 0; i < 100; ++i) {
      auto e = event("a.b", std::to_string(p));
      sent[e.subject].push_back(e.id);
      subject_of[e.id] = e.subject;
      events.push_back(std::move(e));
    }
    publishers.push_back(boost::asio::co_spawn(boost::asio::make_strand(io_),
                                               publish_many(bus_, std::move(events)),
                                               boost::asio::use_future));
  }
  for (auto& p : publishers) EXPECT_TRUE(p.get());
  std::map<std::string, std::vector<std::string>> came;
  for (const auto& id : seen.wait_for(800)) came[subject_of[id]].push_back(id);
  EXPECT_EQ(came, sent);
}

}  // namespace oficio::conformance
