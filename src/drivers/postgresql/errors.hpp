#pragma once

#include <soci/error.h>

#include "platform/sql/server.hpp"

namespace oficio::postgresql {

sql::problem judged(const soci::soci_error& e, bool connected);

}  // namespace oficio::postgresql
