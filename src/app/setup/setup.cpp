#include "app/setup/setup.hpp"

#include <iostream>
#include <stdexcept>

#include "drivers/elasticsearch/telemetry/setup.hpp"

namespace oficio::app {

int set_up_elasticsearch(const config::settings& settings, const setup_options& options) {
  auto text = options.address.empty() ? settings.text("telemetry") : options.address;
  if (text.empty() || text == "off" || text.starts_with("sqlite:")) {
    throw config::wrong_setting("--address: says where the server is, such as http://HOST:9200");
  }
  auto address = config::parse_server_address("--address", text);
  address.options.erase("spill_mb");
  elasticsearch::blocking_caller caller(address);
  auto done = elasticsearch::set_up_telemetry(
      caller, options.environment, {options.log_days, options.trace_days, options.metric_days},
      std::chrono::seconds(30));
  if (!done.has_value()) {
    throw std::runtime_error(address.shown() + ": " + done.error().detail);
  }
  for (const auto& line : *done) std::cout << line << "\n";
  return 0;
}

}  // namespace oficio::app
