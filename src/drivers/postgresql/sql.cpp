#include "drivers/postgresql/sql.hpp"

#include "drivers/postgresql/server.hpp"
#include "platform/sql/server_database.hpp"

namespace oficio::postgresql {

std::unique_ptr<sql::database> make_sql(const config::server_address& address,
                                        runtime::blocking_pool& pool) {
  return sql::make_database(address, make_server(address), pool);
}

}  // namespace oficio::postgresql
