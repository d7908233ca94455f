#include "drivers/embedded/documents/documents.hpp"
#include "querying.hpp"
#include "telling.hpp"
#include "writing.hpp"

namespace oficio::documents::conformance {
namespace {

auto embedded() {
  return testing::Values(
      backend{"embedded", [](const std::string& folder, runtime::blocking_pool& pool) {
                return embedded::make_documents(folder + "/documents.db", pool);
              }});
}

std::string name_of(const testing::TestParamInfo<backend>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(all, documents_conformance, embedded(), name_of);
INSTANTIATE_TEST_SUITE_P(all, documents_querying, embedded(), name_of);
INSTANTIATE_TEST_SUITE_P(all, documents_telling, embedded(), name_of);

}  // namespace
}  // namespace oficio::documents::conformance
