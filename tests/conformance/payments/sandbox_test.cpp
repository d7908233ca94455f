#include "drivers/embedded/payments/sandbox.hpp"

#include "payments_conformance.hpp"

namespace oficio::payments::conformance {

INSTANTIATE_TEST_SUITE_P(
    sandbox, payments_conformance,
    testing::Values(driver_under_test{
        "sandbox",
        [](const std::string& folder, runtime::blocking_pool& pool, const wall_clock& clock) {
          return make_sandbox(folder + "/payments.db", "webhook-key", pool, clock);
        }}),
    [](const auto& info) { return info.param.name; });

}  // namespace oficio::payments::conformance
