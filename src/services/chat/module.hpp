#pragma once

#include <string>

#include "platform/documents/driver.hpp"
#include "platform/hosting/service.hpp"

namespace oficio::chat {

// What the service is made of; outlives it.
struct parts {
  documents::database& database;
  std::string currency = "USD";  // ISO 4217; the only one that offers are made in
};

hosting::service make(const hosting::environment& env, parts p);

}  // namespace oficio::chat
