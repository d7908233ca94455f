#include <cstdlib>
#include <thread>

#include "drivers/rabbitmq/bus.hpp"
#include "platform/base/random.hpp"
#include "suite.hpp"

namespace oficio::conformance {
namespace {

class rabbitmq_place : public bus_place {
 public:
  std::shared_ptr<events::bus> open(boost::asio::any_io_executor io) override {
    std::string address = std::getenv("OFICIO_TEST_RABBITMQ");
    address += address.find('?') == std::string::npos ? '?' : '&';
    return rabbitmq::make_bus(
        config::parse_server_address("events", address + "exchange=" + exchange_), std::move(io),
        clock, telemetry::logger(nullptr, "test"));
  }

  std::chrono::milliseconds long_pause() const override { return std::chrono::seconds(10); }
  void let_pass(std::chrono::milliseconds) override {}  // the server has a clock of its own

 private:
  // One for each case: what others left in their queues is not fed.
  std::string exchange_ = "test-" + random_hex(8);
};

std::unique_ptr<bus_place> make_rabbitmq() {
  return std::make_unique<rabbitmq_place>();
}

bool comes_to_hold(events::bus& bus, const std::string& right) {
  auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!bus.holds(right)) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

// Another process on the same server.
class two_processes : public bus_conformance {};

TEST_P(two_processes, one_at_a_time_has_a_right_and_the_other_takes_over) {
  auto other = place_->open(io_.get_executor());
  EXPECT_TRUE(comes_to_hold(*bus_, named("a")));
  other->holds(named("a"));
  // Asked for in this order: once it has the second, it was refused the first.
  EXPECT_TRUE(comes_to_hold(*other, named("b")));
  EXPECT_FALSE(other->holds(named("a")));
  EXPECT_TRUE(bus_->holds(named("a")));
  close();
  EXPECT_TRUE(comes_to_hold(*other, named("a")));
  run(other->stop(std::chrono::seconds(5)));
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(rabbitmq, bus_conformance, testing::Values(make_rabbitmq));
INSTANTIATE_TEST_SUITE_P(rabbitmq, two_processes, testing::Values(make_rabbitmq));

}  // namespace oficio::conformance
