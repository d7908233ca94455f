#pragma once

#include <memory>
#include <string>

#include "platform/documents/driver.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::embedded {

// The documents of one service in one SQLite file at `path`: a table for each collection, the
// bodies as JSON text, an expression index for each declared one. Throws sqlite_error if the file
// cannot be used. `pool` runs the reads and must outlive the database and its drivers.
std::unique_ptr<documents::database> make_documents(std::string path, runtime::blocking_pool& pool);

}  // namespace oficio::embedded
