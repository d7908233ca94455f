#include <filesystem>
#include <fstream>
#include <iterator>

#include "conformance/support.hpp"
#include "drivers/embedded/sql/sql.hpp"
#include "test_database.hpp"

namespace oficio::sql::conformance {

struct test_database::place {
  oficio::conformance::temporary_folder folder;
};

test_database::test_database() : place_(std::make_unique<place>()) {}
test_database::~test_database() = default;

std::unique_ptr<database> test_database::open(runtime::blocking_pool& pool) const {
  return embedded::make_sql(place_->folder.path() + "/test.db", pool);
}

std::string test_database::contents() const {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(place_->folder.path())) {
    std::ifstream in(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

}  // namespace oficio::sql::conformance
