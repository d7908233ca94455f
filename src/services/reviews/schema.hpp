#pragma once

#include <vector>

#include "platform/sql/database.hpp"

namespace oficio::reviews {

// The history of the database's schema.
std::vector<sql::migration> schema(sql::dialect d);

}  // namespace oficio::reviews
