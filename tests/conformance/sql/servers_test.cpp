#include <set>

#include <stdlib.h>

#include "real_server.hpp"
#include "sql_conformance.hpp"

namespace oficio::sql::conformance {
namespace {

// A database is made when its folder is seen first.
driver_under_test on(const std::string& kind) {
  return {kind, [kind](const std::string& folder, runtime::blocking_pool& pool) {
            static std::string last;
            auto address = server_under_test(kind);
            address.path = "oficio_conformance";
            if (last != kind + folder) address = empty_database(kind, address.path);
            last = kind + folder;
            return open_database(address, pool);
          }};
}

// Those that the test was started beside.
std::vector<driver_under_test> servers() {
  std::vector<driver_under_test> out;
  if (::getenv("OFICIO_TEST_MYSQL")) out.push_back(on("mysql"));
  if (::getenv("OFICIO_TEST_POSTGRESQL")) out.push_back(on("postgresql"));
  return out;
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(servers, sql_conformance, testing::ValuesIn(servers()),
                         [](const auto& info) { return info.param.name; });

}  // namespace oficio::sql::conformance
