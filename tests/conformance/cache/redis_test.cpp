#include <cstdlib>

#include "cache_conformance.hpp"
#include "conformance/background_io.hpp"
#include "drivers/redis/cache.hpp"
#include "platform/base/random.hpp"

namespace oficio::cache::conformance {
namespace {

// A part of the Redis that nobody else uses.
std::unique_ptr<store> make(const char* variable) {
  static oficio::conformance::background_io background;
  auto* where = std::getenv(variable);
  if (!where) throw std::runtime_error("no Redis is there: run by tests/infra/with.py");
  auto address = config::parse_server_address("cache", where);
  address.options["prefix"] = "test:" + random_hex(8) + ":";
  return redis::make_cache(address, background.io(), {nullptr, "test"});
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(
    redis, cache_conformance,
    testing::Values(driver_under_test{"plain", [] { return make("OFICIO_TEST_REDIS"); }},
                    driver_under_test{"tls", [] { return make("OFICIO_TEST_REDIS_TLS"); }}),
    [](const auto& info) { return info.param.name; });

}  // namespace oficio::cache::conformance
