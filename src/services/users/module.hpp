#pragma once

#include "platform/cache/cache.hpp"
#include "platform/documents/driver.hpp"
#include "platform/hosting/service.hpp"
#include "platform/pictures/studio.hpp"

namespace oficio::users {

// What users is built of. The references must outlive the service.
struct parts {
  documents::database& database;
  cache::store& cache;
  pictures::studio* studio = nullptr;  // none: avatars cannot be uploaded
};

// Throws std::runtime_error if the database cannot be used.
hosting::service make(const hosting::environment& env, parts p);

}  // namespace oficio::users
