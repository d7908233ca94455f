#pragma once

#include <memory>
#include <string>

#include "platform/sql/server.hpp"

namespace oficio::mysql {

// Connects as SOCI's text says. Throws sql::connect_failure, also when the server may only be read.
std::unique_ptr<sql::connection> open_session(const std::string& soci_text);

}  // namespace oficio::mysql
