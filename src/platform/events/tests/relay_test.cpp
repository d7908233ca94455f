#include "platform/events/relay.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "platform/runtime/task_group.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::events {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

class memory_outbox : public outbox {
 public:
  void add(int count) {
    for (int i = 0; i < count; ++i) {
      envelope e;
      e.id = std::to_string(++last_);
      waiting_.push_back(e);
    }
    changed_.notify();
  }

  awaitable<result<std::vector<envelope>>> pending(const context&, std::size_t limit) override {
    auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(limit, waiting_.size()));
    co_return std::vector<envelope>(waiting_.begin(), end);
  }
  awaitable<result<void>> confirmed(const context&, const std::vector<envelope>& events) override {
    if (refuse_confirm > 0) {
      --refuse_confirm;
      co_return error{errc::unavailable, "database_unavailable", "away"};
    }
    for (const auto& e : events) {
      std::erase_if(waiting_, [&](const envelope& w) { return w.id == e.id; });
    }
    co_return result<void>{};
  }
  runtime::notifier& changed() override { return changed_; }
  std::size_t size() const { return waiting_.size(); }

  int refuse_confirm = 0;

 private:
  std::vector<envelope> waiting_;
  runtime::notifier changed_;
  int last_ = 0;
};

class memory_bus : public bus {
 public:
  awaitable<result<void>> subscribe(queue, handler) override { co_return result<void>{}; }
  awaitable<result<void>> publish(const context&, std::vector<envelope> events) override {
    if (refuse > 0) {
      --refuse;
      co_return error{errc::unavailable, "events_unavailable", "away"};
    }
    largest = std::max(largest, events.size());
    for (auto& e : events) ids.push_back(std::stoi(e.id));
    co_return result<void>{};
  }
  awaitable<result<std::vector<dead_letter>>> dead_letters(const context&, std::size_t) override {
    co_return std::vector<dead_letter>{};
  }
  awaitable<result<void>> replay(const context&, std::string, std::string) override {
    co_return result<void>{};
  }
  awaitable<result<std::vector<queue_status>>> status(const context&) override {
    co_return std::vector<queue_status>{};
  }
  awaitable<void> stop(std::chrono::milliseconds) override { co_return; }
  awaitable<result<bool>> lead(const context&, std::string name,
                               std::function<void()> then) override {
    if (name != "lease") co_return error{errc::internal, "wrong_lease", name};
    if (leads) poked = std::move(then);
    co_return leads;
  }
  void poke(const std::string&) override { ++pokes; }

  bool leads = true;
  int pokes = 0;
  std::function<void()> poked;

  int refuse = 0;
  std::size_t largest = 0;
  std::vector<int> ids;
};

class relay_test : public testing::Test {
 protected:
  template <class T>
  T run(awaitable<T> work) {
    auto done = asio::co_spawn(asio::make_strand(io_), std::move(work), asio::use_future);
    io_.restart();
    io_.run();
    return done.get();
  }

  // Runs the relay until the outbox is empty.
  awaitable<bool> relay_until_empty(relay_figures* count = nullptr) {
    runtime::task_group tasks(io_.get_executor(), {});
    tasks.spawn("relay", run_relay(outbox_, bus_, telemetry::logger(nullptr, "test"), count));
    auto until = std::chrono::steady_clock::now() + 10s;
    while (outbox_.size() > 0 && std::chrono::steady_clock::now() < until) {
      co_await runtime::sleep_for(1ms);
    }
    co_return co_await tasks.stop(1s);
  }

  std::vector<int> up_to(int last) {
    std::vector<int> all;
    for (int i = 1; i <= last; ++i) all.push_back(i);
    return all;
  }

  asio::io_context io_{1};
  memory_outbox outbox_;
  memory_bus bus_;
};

TEST_F(relay_test, publishes_all_in_order_a_hundred_at_most_at_once) {
  outbox_.add(250);
  auto count = run(relay_once(context::for_system(), outbox_, bus_));
  EXPECT_EQ(*count, 250U);
  EXPECT_EQ(bus_.ids, up_to(250));
  EXPECT_EQ(bus_.largest, 100U);
  EXPECT_EQ(outbox_.size(), 0U);
}

TEST_F(relay_test, keeps_what_was_not_confirmed) {
  outbox_.add(3);
  bus_.refuse = 1;
  EXPECT_EQ(run(relay_once(context::for_system(), outbox_, bus_)).error().code,
            "events_unavailable");
  EXPECT_EQ(outbox_.size(), 3U);
}

TEST_F(relay_test, tries_again_when_the_bus_is_back) {
  outbox_.add(3);
  bus_.refuse = 2;
  EXPECT_TRUE(run(relay_until_empty()));
  EXPECT_EQ(bus_.ids, up_to(3));
}

TEST_F(relay_test, counts_what_it_publishes_and_how_late) {
  telemetry::metrics all;
  relay_figures count{all.count("published_total", "-"), all.count("failures_total", "-"),
                      all.durations("lag_seconds", "-")};
  outbox_.add(3);
  bus_.refuse = 2;
  EXPECT_TRUE(run(relay_until_empty(&count)));
  EXPECT_EQ(count.published.value(), 3U);
  EXPECT_EQ(count.failures.value(), 2U);
  // The test's events are as old as time itself.
  EXPECT_EQ(count.lag.count(telemetry::histogram::bounds.size()), 3U);
}

TEST_F(relay_test, publishes_again_what_it_could_not_take_out) {
  outbox_.add(1);
  outbox_.refuse_confirm = 1;
  EXPECT_TRUE(run(relay_until_empty()));
  EXPECT_EQ(bus_.ids, (std::vector<int>{1, 1}));
}

awaitable<void> add_later(memory_outbox& to) {
  co_await runtime::sleep_for(20ms);
  to.add(1);
}

TEST_F(relay_test, wakes_when_something_is_written) {
  outbox_.add(1);
  auto writer = asio::co_spawn(asio::make_strand(io_), add_later(outbox_), asio::use_future);
  auto begun = std::chrono::steady_clock::now();
  auto wait_for_two = [&]() -> awaitable<bool> {
    runtime::task_group tasks(io_.get_executor(), {});
    tasks.spawn("relay", run_relay(outbox_, bus_, telemetry::logger(nullptr, "test")));
    while (bus_.ids.size() < 2 && std::chrono::steady_clock::now() < begun + 10s) {
      co_await runtime::sleep_for(1ms);
    }
    co_return co_await tasks.stop(1s);
  };
  EXPECT_TRUE(run(wait_for_two()));
  EXPECT_EQ(bus_.ids, up_to(2));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 900ms);
}

TEST_F(relay_test, leaves_it_to_the_process_that_leads_and_tells_it) {
  outbox_.add(3);
  bus_.leads = false;
  EXPECT_EQ(*run(relay_once(context::for_system(), outbox_, bus_, "lease")), 0U);
  EXPECT_EQ(outbox_.size(), 3U);
  auto take_over = [&]() -> awaitable<bool> {
    runtime::task_group tasks(io_.get_executor(), {});
    tasks.spawn("relay",
                run_relay(outbox_, bus_, telemetry::logger(nullptr, "test"), nullptr, "lease"));
    while (bus_.pokes == 0) co_await runtime::sleep_for(1ms);
    EXPECT_TRUE(bus_.ids.empty());
    bus_.leads = true;
    while (outbox_.size() > 0) co_await runtime::sleep_for(1ms);
    co_return co_await tasks.stop(1s);
  };
  EXPECT_TRUE(run(take_over()));
  EXPECT_EQ(bus_.ids, up_to(3));
}

}  // namespace
}  // namespace oficio::events
