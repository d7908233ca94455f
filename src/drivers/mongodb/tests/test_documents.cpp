#include "test_documents.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "drivers/embedded/documents/documents.hpp"
#include "drivers/mongodb/documents.hpp"

namespace oficio::mongodb {

config::server_address test_address(const std::string& database) {
  const char* server = std::getenv("OFICIO_TEST_MONGODB");
  if (!server) throw std::runtime_error("OFICIO_TEST_MONGODB is not set");
  auto address = config::parse_server_address("test.database", server);
  // Who signs in is known to the database that the server's own address names.
  if (!address.user.empty()) address.options.emplace("authSource", address.path);
  address.path = database;
  return address;
}

std::unique_ptr<documents::database> test_documents(const std::string& folder,
                                                    const std::string& name,
                                                    runtime::blocking_pool& pool) {
  if (!std::getenv("OFICIO_TEST_MONGODB")) {
    return embedded::make_documents((std::filesystem::path(folder) / (name + ".db")).string(),
                                    pool);
  }
  auto own = std::filesystem::path(folder).filename().string() + "_" + name;
  return make_documents(test_address(own), pool);
}

}  // namespace oficio::mongodb
