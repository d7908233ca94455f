#pragma once

#include <memory>
#include <string>

#include "platform/runtime/blocking_pool.hpp"
#include "platform/sql/database.hpp"

namespace oficio::embedded {

// A service's SQL database in one SQLite file (made with its folders if absent): durable against
// power loss, one writer at a time, readers beside it. Sessions of read() refuse to write. Throws
// std::runtime_error if the file cannot be opened. `pool` must outlive it.
std::unique_ptr<sql::database> make_sql(std::string path, runtime::blocking_pool& pool);

}  // namespace oficio::embedded
