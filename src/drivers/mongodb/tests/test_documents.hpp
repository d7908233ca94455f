#pragma once

#include <memory>
#include <string>

#include "platform/config/server_address.hpp"
#include "platform/documents/driver.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::mongodb {

// The server of OFICIO_TEST_MONGODB, with `database` as the database. Throws if it is not set.
config::server_address test_address(const std::string& database);

// A document database for a test: a database of its own on the server of OFICIO_TEST_MONGODB where
// that is set, else the SQLite file `folder`/`name`.db. The folder's name must be one of a kind.
std::unique_ptr<documents::database> test_documents(const std::string& folder,
                                                    const std::string& name,
                                                    runtime::blocking_pool& pool);

}  // namespace oficio::mongodb
