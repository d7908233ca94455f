#include "blobs_conformance.hpp"
#include "drivers/embedded/documents/documents.hpp"

namespace oficio::blobs::conformance {

INSTANTIATE_TEST_SUITE_P(all, blobs_conformance,
                         testing::Values(backend{
                             "embedded",
                             [](const std::string& folder, runtime::blocking_pool& pool) {
                               return embedded::make_documents(folder + "/blobs.db", pool);
                             }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace oficio::blobs::conformance
