#pragma once

#include <string>

#include "platform/documents/driver.hpp"
#include "platform/hosting/service.hpp"
#include "platform/pictures/studio.hpp"

namespace oficio::chat {

// What the service is made of; outlives it.
struct parts {
  documents::database& database;
  std::string currency = "USD";        // ISO 4217; the only one that offers are made in
  pictures::studio* studio = nullptr;  // none: files cannot be sent
};

hosting::service make(const hosting::environment& env, parts p);

}  // namespace oficio::chat
