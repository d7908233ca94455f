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

#include "drivers/rabbitmq/bus.hpp"
#include "drivers/rabbitmq/connection.hpp"

namespace oficio::rabbitmq {

using bus_ptr = std::shared_ptr<events::bus>;

// What handlers were given, in order; any thread.
class log_of_ids {
 public:
  void add(const std::string& id);
  bool wait_for(std::size_t count, std::chrono::seconds at_most = std::chrono::seconds(60)) const;
  // Until all of these are in it, however often.
  bool wait_for_all(const std::vector<std::string>& ids,
                    std::chrono::seconds at_most = std::chrono::seconds(90)) const;
  std::vector<std::string> ids() const;
  std::size_t count(const std::string& id) const;

 private:
  mutable std::mutex guard_;
  mutable std::condition_variable grew_;
  std::vector<std::string> ids_;
};

// Buses on the test's own server, which the tests may kill.
class rabbitmq_test : public testing::Test {
 protected:
  rabbitmq_test();
  ~rabbitmq_test() override;

  // The address, with an exchange of this test's own and more options ("&heartbeat=1").
  config::server_address address(const std::string& more = {}) const;
  static config::server_address parsed(const std::string& text) {
    return config::parse_server_address("events", text);
  }
  bus_ptr open(const std::string& more = {});
  void close(const bus_ptr& bus, std::chrono::milliseconds patience = std::chrono::seconds(5));
  // A connection without a bus, for what no bus does.
  std::unique_ptr<connection> bare();

  template <class T>
  T run(awaitable<T> work, std::chrono::seconds at_most = std::chrono::seconds(60)) {
    auto done = boost::asio::co_spawn(boost::asio::make_strand(io_), std::move(work),
                                      boost::asio::use_future);
    if (done.wait_for(at_most) != std::future_status::ready) {
      throw std::runtime_error("the coroutine did not end in time");
    }
    return done.get();
  }

  boost::asio::any_io_executor io() { return io_.get_executor(); }
  std::string named(const std::string& queue) const { return prefix_ + queue; }
  events::queue queue(const std::string& name) const;
  static events::handler answering(std::function<result<void>(const events::envelope&)> answer);
  void listen(const bus_ptr& bus, events::queue q, events::handler h);
  void listen(const bus_ptr& bus, const std::string& name, log_of_ids& to);
  events::envelope event(const std::string& subject = "one");
  result<void> publish(const bus_ptr& bus, std::vector<events::envelope> events,
                       std::chrono::milliseconds patience = std::chrono::seconds(20));
  // Waits until the queue has that many waiting and dead.
  void expect_status(const bus_ptr& bus, const std::string& name, std::size_t waiting,
                     std::size_t dead);
  // Waits for a condition.
  static bool becomes(const std::function<bool()>& holds,
                      std::chrono::seconds at_most = std::chrono::seconds(30));

  // "kill", "start", "pause", "resume"
  static void server(const std::string& does);

  wall_clock clock_;
  std::string exchange_;

 private:
  std::string prefix_;
  std::atomic<int> events_{0};
  boost::asio::io_context io_{3};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> working_;
  std::vector<std::jthread> threads_;
};

}  // namespace oficio::rabbitmq
