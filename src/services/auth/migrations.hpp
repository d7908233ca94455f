#pragma once

#include <vector>

#include "platform/sql/database.hpp"

namespace oficio::auth {

std::vector<sql::migration> migrations(sql::dialect d);

}  // namespace oficio::auth
