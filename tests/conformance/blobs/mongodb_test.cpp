#include "blobs_conformance.hpp"
#include "test_documents.hpp"

namespace oficio::blobs::conformance {

INSTANTIATE_TEST_SUITE_P(all, blobs_conformance,
                         testing::Values(backend{
                             "mongodb",
                             [](const std::string& folder, runtime::blocking_pool& pool) {
                               return mongodb::test_documents(folder, "blobs", pool);
                             }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace oficio::blobs::conformance
