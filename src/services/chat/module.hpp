#pragma once

#include "platform/documents/driver.hpp"
#include "platform/hosting/service.hpp"

namespace oficio::chat {

// What the service is made of; outlives it.
struct parts {
  documents::database& database;
};

hosting::service make(const hosting::environment& env, parts p);

}  // namespace oficio::chat
