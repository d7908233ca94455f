#pragma once

#include <memory>
#include <string>

#include "platform/sql/server.hpp"

namespace oficio::postgresql {

// Connects as libpq's text says. Throws sql::connect_failure.
std::unique_ptr<sql::connection> open_session(const std::string& conninfo);

}  // namespace oficio::postgresql
