#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "platform/base/clock.hpp"
#include "platform/events/bus.hpp"

// What every event bus promises. A driver's own test program links the suite and says how to make
// one: INSTANTIATE_TEST_SUITE_P(embedded, bus_conformance, testing::Values(make_embedded_place)).
namespace oficio::conformance {

// Where a bus keeps its events; open() is called again after a stop for a restart on the same
// events.
class bus_place {
 public:
  virtual ~bus_place() = default;
  virtual std::shared_ptr<events::bus> open(boost::asio::any_io_executor io) = 0;
  // A pause before a retry that leaves time to restart and look meanwhile, and what ends it early,
  // where the bus goes by `clock`.
  virtual std::chrono::milliseconds long_pause() const { return std::chrono::hours(1); }
  virtual void let_pass(std::chrono::milliseconds time) { clock.advance(time); }
  wall_clock clock;
};

using make_place = std::unique_ptr<bus_place> (*)();

// What handlers were given, for tests to wait on.
class recorder {
 public:
  void add(const events::envelope& e);
  // The ids in order once there are `count`; a test failure if there are not within 20 seconds.
  std::vector<std::string> wait_for(std::size_t count);
  std::vector<std::string> ids() const;

 private:
  mutable std::mutex guard_;
  mutable std::condition_variable grew_;
  std::vector<std::string> ids_;
};

class bus_conformance : public testing::TestWithParam<make_place> {
 protected:
  bus_conformance();
  ~bus_conformance() override;

  void open();
  void close();
  void restart() {
    close();
    open();
  }

  // Runs a coroutine on the io threads; fails the test when it takes longer than 30 seconds.
  template <class T>
  T run(awaitable<T> work) {
    auto done = boost::asio::co_spawn(boost::asio::make_strand(io_), std::move(work),
                                      boost::asio::use_future);
    if (done.wait_for(std::chrono::seconds(30)) != std::future_status::ready) {
      throw std::runtime_error("the coroutine did not end within 30 seconds");
    }
    return done.get();
  }

  // Names of queues are the test's own, so that tests can share a server.
  std::string named(const std::string& queue) const { return prefix_ + queue; }
  events::queue queue(const std::string& name, std::vector<std::string> patterns) const;
  void subscribe(events::queue q, events::handler h);
  // Each of them to `to`, successfully.
  void listen(const std::string& name, std::vector<std::string> patterns, recorder& to);
  void publish(std::vector<events::envelope> events);
  events::envelope event(const std::string& type, const std::string& subject = "one");
  events::queue_status status(const std::string& name);
  // Waits until the queue has that many waiting and dead.
  void expect_status(const std::string& name, std::size_t waiting, std::size_t dead);

  std::unique_ptr<bus_place> place_;
  boost::asio::io_context io_{3};
  std::shared_ptr<events::bus> bus_;

 private:
  std::string prefix_;
  int events_ = 0;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> working_;
  std::vector<std::jthread> threads_;
};

// A handler of its own that does not wait.
events::handler answering(std::function<result<void>(const events::envelope&)> answer);

}  // namespace oficio::conformance
