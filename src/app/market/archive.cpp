#include "app/market/archive.hpp"

#include <filesystem>

#include "app/market/observation.hpp"
#include "drivers/elasticsearch/archive/archive.hpp"
#include "drivers/embedded/archive/archive.hpp"

namespace oficio::app {

std::unique_ptr<archive::reader> open_archive(const config::settings& s, const plan& p,
                                              runtime::application& app) {
  auto text = telemetry_address(s, p);
  if (text == "off") return nullptr;
  auto address = config::parse_address("telemetry", text);
  if (address.scheme == "sqlite") {
    auto path = (std::filesystem::path(s.text("data")) / address.rest).string();
    return embedded::make_archive(path, app.blocking());
  }
  return elasticsearch::make_archive(config::parse_server_address("telemetry", text),
                                     s.text("environment"), app.io());
}

}  // namespace oficio::app
