#pragma once

#include <memory>

#include "platform/config/server_address.hpp"
#include "platform/runtime/blocking_pool.hpp"
#include "platform/sql/database.hpp"

namespace oficio::postgresql {

// A service's SQL database on PostgreSQL 13 or newer, whose encoding is UTF-8:
//   postgresql://USER:PASSWORD@HOST[:5432][,HOST…]/DATABASE?pool=16&tls=true&ca=FILE&…
// Of several hosts the first that answers and may be written to is used. `pool` is the most
// sessions at once. Texts with a NUL character are refused (`unacceptable_text`). Throws
// config::wrong_setting, also when the server refuses us or cannot be reached within some 10 s.
// `pool` must outlive it.
std::unique_ptr<sql::database> make_sql(const config::server_address& address,
                                        runtime::blocking_pool& pool);

}  // namespace oficio::postgresql
