#pragma once

#include <memory>
#include <string>

#include "platform/config/server_address.hpp"
#include "platform/sql/database.hpp"

// Databases on the real server that a test was started beside (tests/infra/with.py), for whatever
// is tested on SQL. `kind` is mysql or postgresql.
namespace oficio::sql::conformance {

config::server_address server_under_test(const std::string& kind);

// The address of a new, empty database of that name (an older one is dropped).
config::server_address empty_database(const std::string& kind, const std::string& name);

std::unique_ptr<database> open_database(const config::server_address& address,
                                        runtime::blocking_pool& pool);

}  // namespace oficio::sql::conformance
