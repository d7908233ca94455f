#pragma once

#include <memory>

#include "platform/config/server_address.hpp"
#include "platform/sql/server.hpp"

namespace oficio::postgresql {

// Throws config::wrong_setting for TLS options that make no sense.
std::unique_ptr<sql::server> make_server(const config::server_address& address);

}  // namespace oficio::postgresql
