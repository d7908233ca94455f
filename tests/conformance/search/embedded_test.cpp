#include "drivers/embedded/search/index.hpp"
#include "search_fixture.hpp"

namespace oficio::search::conformance {
namespace {

const driver_under_test embedded{
    "embedded", [](const std::string& folder, schema s, runtime::blocking_pool& pool) {
      return embedded::make_index(folder + "/search.db", std::move(s), pool);
    }};

}  // namespace

INSTANTIATE_TEST_SUITE_P(embedded, search_conformance, testing::Values(embedded),
                         [](const auto& info) { return info.param.name; });

}  // namespace oficio::search::conformance
