#include <csignal>
#include <latch>
#include <mutex>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "platform/runtime/application.hpp"
#include "platform/runtime/notifier.hpp"
#include "platform/runtime/task_group.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::runtime {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

template <class T>
T run(asio::io_context& io, awaitable<T> work) {
  auto done = asio::co_spawn(asio::make_strand(io), std::move(work), asio::use_future);
  io.restart();
  io.run();
  return done.get();
}

awaitable<result<int>> add(blocking_pool& pool, context ctx, int a, int b) {
  co_return co_await pool.run(ctx, [a, b]() -> result<int> { return a + b; });
}

TEST(blocking_pool, gives_the_result_back_to_the_caller) {
  asio::io_context io;
  blocking_pool pool("test", 2, 10);
  EXPECT_EQ(*run(io, add(pool, {}, 2, 3)), 5);
}

awaitable<result<int>> throwing(blocking_pool& pool) {
  co_return co_await pool.run(context{}, []() -> result<int> { throw std::logic_error("bug"); });
}

TEST(blocking_pool, rethrows_to_the_caller) {
  asio::io_context io;
  blocking_pool pool("test", 1, 10);
  EXPECT_THROW(run(io, throwing(pool)), std::logic_error);
}

TEST(blocking_pool, does_not_begin_what_is_too_late) {
  asio::io_context io;
  blocking_pool pool("test", 1, 10);
  context late;
  late.deadline = std::chrono::steady_clock::now() - 1s;
  EXPECT_EQ(run(io, add(pool, late, 1, 1)).error().code, "deadline_exceeded");
  EXPECT_EQ(pool.done().late, 1U);
}

awaitable<result<int>> block(blocking_pool& pool, std::latch& gate) {
  co_return co_await pool.run(context{}, [&gate]() -> result<int> {
    gate.wait();
    return 1;
  });
}

TEST(blocking_pool, refuses_more_than_its_queue_holds) {
  asio::io_context io;
  blocking_pool pool("test", 1, 1);
  std::latch gate(1);
  std::mutex guard;
  int refused = 0;
  int done = 0;
  auto count = [&](std::exception_ptr, result<int> r) {
    std::lock_guard lock(guard);
    (r.has_value() ? done : refused) += 1;
    if (refused > 0) gate.try_wait() ? void() : gate.count_down();
  };
  for (int i = 0; i < 20; ++i) asio::co_spawn(asio::make_strand(io), block(pool, gate), count);
  io.run();
  EXPECT_GT(refused, 0);
  EXPECT_GE(done, 1);
  EXPECT_EQ(refused + done, 20);
  auto figures = pool.done();
  EXPECT_EQ(figures.refused, static_cast<std::uint64_t>(refused));
  EXPECT_EQ(figures.begun, static_cast<std::uint64_t>(done));
  EXPECT_EQ(figures.working, 0U);
  EXPECT_EQ(pool.waiting(), 0U);
  EXPECT_GT(figures.waited.count(), 0);
}

awaitable<bool> wait_for(notifier& n, std::chrono::milliseconds limit) {
  co_return co_await n.wait(limit);
}

TEST(notifier, remembers_one_call_and_times_out_without_any) {
  asio::io_context io;
  notifier n;
  n.notify();
  n.notify();
  EXPECT_TRUE(run(io, wait_for(n, 10s)));
  EXPECT_FALSE(run(io, wait_for(n, 5ms)));
}

awaitable<void> wait_long(std::atomic<int>& ended) {
  struct mark {
    std::atomic<int>& count;
    ~mark() { ++count; }
  } at_end{ended};
  co_await sleep_for(1h);
  co_await sleep_for(1h);
}

awaitable<bool> stop(task_group& group) {
  co_return co_await group.stop(5s);
}

TEST(task_group, stop_cancels_and_waits_for_all) {
  asio::io_context io;
  std::atomic<int> ended{0};
  task_group group(io.get_executor(),
                   [](const std::string&, const std::string& what) { ADD_FAILURE() << what; });
  for (int i = 0; i < 10; ++i) group.spawn("waits", wait_long(ended));
  EXPECT_TRUE(run(io, stop(group)));
  EXPECT_EQ(ended, 10);
  group.spawn("too late", wait_long(ended));
  EXPECT_EQ(group.size(), 0U);
}

awaitable<void> fail() {
  co_await sleep_for(1ms);
  throw std::runtime_error("broke");
}

TEST(task_group, reports_what_a_task_throws) {
  asio::io_context io;
  std::string said;
  task_group group(io.get_executor(), [&](const std::string& task, const std::string& what) {
    said = task + ": " + what;
  });
  group.spawn("fails", fail());
  io.run();
  EXPECT_EQ(said, "fails: broke");
}

awaitable<void> note(std::vector<std::string>& order, std::string name) {
  order.push_back(std::move(name));
  co_return;
}

awaitable<void> nothing() {
  co_return;
}

TEST(application, stops_in_order_on_a_signal) {
  application app({.io_threads = 2});
  std::vector<std::string> order;
  auto add_step = [&](stop_stage stage, std::string name) {
    app.on_stop(stage, name, [&order, name](auto) { return note(order, name); });
  };
  add_step(stop_stage::close, "files");
  add_step(stop_stage::stop_accepting, "listener");
  add_step(stop_stage::stop_consumers, "first");
  add_step(stop_stage::stop_consumers, "second");
  add_step(stop_stage::drain, "readiness");
  int status = app.run([] {
    std::raise(SIGTERM);
    return nothing();
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(order, (std::vector<std::string>{"readiness", "listener", "second", "first", "files"}));
}

TEST(application, a_start_that_throws_is_status_one) {
  application app({.io_threads = 1});
  EXPECT_EQ(app.run([]() -> awaitable<void> { throw std::runtime_error("no database"); }), 1);
}

}  // namespace
}  // namespace oficio::runtime
