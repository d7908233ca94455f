#include "real_server.hpp"

#include <stdexcept>

#include <soci/soci.h>
#include <stdlib.h>

#include "conformance/support.hpp"
#include "drivers/mysql/sql.hpp"
#include "drivers/postgresql/sql.hpp"

namespace oficio::sql::conformance {

config::server_address server_under_test(const std::string& kind) {
  std::string name = kind == "mysql" ? "OFICIO_TEST_MYSQL" : "OFICIO_TEST_POSTGRESQL";
  const char* set = ::getenv(name.c_str());
  if (!set) throw std::runtime_error(name + " is not set: the test must run beside a server");
  return config::parse_server_address(name, set);
}

config::server_address empty_database(const std::string& kind, const std::string& name) {
  auto address = server_under_test(kind);
  runtime::blocking_pool pool{"making", 1, 8};
  auto database = open_database(address, pool);
  auto ctx = context::for_system(std::chrono::seconds(30));
  auto done = oficio::conformance::run(
      database->read(ctx, [name, kind](soci::session& session) -> result<void> {
        // Sessions that a test has just closed may be on their way out still.
        session << "DROP DATABASE IF EXISTS " + name + (kind == "mysql" ? "" : " WITH (FORCE)");
        session << "CREATE DATABASE " + name;
        return {};
      }));
  if (!done.has_value()) throw std::runtime_error(done.error().detail);
  address.path = name;
  return address;
}

std::unique_ptr<database> open_database(const config::server_address& address,
                                        runtime::blocking_pool& pool) {
  return address.scheme == "mysql" ? mysql::make_sql(address, pool)
                                   : postgresql::make_sql(address, pool);
}

}  // namespace oficio::sql::conformance
