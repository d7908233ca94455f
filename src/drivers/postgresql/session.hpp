#pragma once

#include <memory>
#include <string>

#include "platform/sql/server.hpp"

namespace oficio::postgresql {

// Connects as libpq's text says. Throws sql::connect_failure: a hopeless one if there is a server
// at `is_there`, so that it is ours that it does not take.
std::unique_ptr<sql::connection> open_session(const std::string& conninfo,
                                              const std::string& is_there);

}  // namespace oficio::postgresql
