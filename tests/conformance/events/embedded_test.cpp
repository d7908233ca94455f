#include <filesystem>

#include "drivers/embedded/events/bus.hpp"
#include "platform/base/random.hpp"
#include "suite.hpp"

namespace oficio::conformance {
namespace {

class embedded_place : public bus_place {
 public:
  embedded_place()
      : folder_(std::filesystem::temp_directory_path() / ("oficio-bus-" + random_hex(8))),
        pool_("test", 2, 256) {}
  ~embedded_place() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::shared_ptr<events::bus> open(boost::asio::any_io_executor io) override {
    return embedded::make_bus((folder_ / "events.db").string(), std::move(io), pool_, clock,
                              telemetry::logger(nullptr, "test"));
  }

 private:
  std::filesystem::path folder_;
  runtime::blocking_pool pool_;
};

std::unique_ptr<bus_place> make_embedded() {
  return std::make_unique<embedded_place>();
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(embedded, bus_conformance, testing::Values(make_embedded));

}  // namespace oficio::conformance
