#pragma once

#include <soci/error.h>
#include <soci/mysql/soci-mysql.h>

#include "platform/sql/server.hpp"

namespace oficio::mysql {

sql::problem judged(const soci::soci_error& e);

// Would connecting again with the same settings fail the same way?
bool refuses_us(const soci::mysql_soci_error& e);

// What a statement makes (or drops) is there (or gone) already.
bool is_there_already(const soci::soci_error& e);

}  // namespace oficio::mysql
