#include <cstdlib>

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

}  // namespace

INSTANTIATE_TEST_SUITE_P(rabbitmq, bus_conformance, testing::Values(make_rabbitmq));

}  // namespace oficio::conformance
