#pragma once

#include <memory>

#include "platform/config/server_address.hpp"
#include "platform/runtime/blocking_pool.hpp"
#include "platform/sql/database.hpp"

namespace oficio::mysql {

// A service's SQL database on MySQL 8 or MariaDB 10.11 and newer:
//   mysql://USER:PASSWORD@HOST[:3306][,HOST…]/DATABASE?pool=16&tls=true&ca=FILE&…
// Of several hosts the first that answers and may be written to is used. `pool` is the most
// sessions at once. Throws config::wrong_setting, also when the server refuses us or cannot be
// reached within some 10 s. `pool` must outlive it.
std::unique_ptr<sql::database> make_sql(const config::server_address& address,
                                        runtime::blocking_pool& pool);

}  // namespace oficio::mysql
