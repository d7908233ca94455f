#include <cstdlib>

#include "drivers/mongodb/documents.hpp"
#include "querying.hpp"
#include "telling.hpp"
#include "writing.hpp"

namespace oficio::documents::conformance {
namespace {

// A database of the case's own on the server that the environment names.
config::server_address database_of(const std::string& folder) {
  const char* server = std::getenv("OFICIO_TEST_MONGODB");
  if (!server) throw std::runtime_error("OFICIO_TEST_MONGODB is not set");
  auto address = config::parse_server_address("test.database", server);
  // Who logs in is known to the database that the server's own address names.
  if (!address.user.empty()) address.options.emplace("authSource", address.path);
  address.path = std::filesystem::path(folder).filename().string();
  return address;
}

auto mongodb() {
  return testing::Values(
      backend{"mongodb", [](const std::string& folder, runtime::blocking_pool& pool) {
                return oficio::mongodb::make_documents(database_of(folder), pool);
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
