#pragma once

#include "platform/hosting/service.hpp"
#include "platform/sql/database.hpp"

namespace oficio::reviews {

struct parts {
  sql::database& database;
};

// Reviews and ratings, both ways. Migrates the database: throws std::runtime_error if that fails.
hosting::service make(const hosting::environment& env, parts p);

}  // namespace oficio::reviews
