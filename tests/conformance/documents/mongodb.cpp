#include "querying.hpp"
#include "telling.hpp"
#include "test_documents.hpp"
#include "writing.hpp"

namespace oficio::documents::conformance {
namespace {

auto mongodb() {
  return testing::Values(
      backend{"mongodb", [](const std::string& folder, runtime::blocking_pool& pool) {
                return oficio::mongodb::test_documents(folder, "documents", pool);
              }});
}

std::string name_of(const testing::TestParamInfo<backend>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(all, documents_conformance, mongodb(), name_of);
INSTANTIATE_TEST_SUITE_P(all, documents_querying, mongodb(), name_of);
INSTANTIATE_TEST_SUITE_P(all, documents_telling, mongodb(), name_of);

}  // namespace
}  // namespace oficio::documents::conformance
