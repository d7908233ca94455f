#pragma once

#include <string>

#include "platform/documents/driver.hpp"
#include "platform/hosting/service.hpp"
#include "platform/payments/provider.hpp"
#include "platform/pictures/studio.hpp"

namespace oficio::orders {

// What orders is built of. The references must outlive the service.
struct parts {
  documents::database& database;
  payments::provider& payments;
  std::string currency = "USD";        // ISO 4217; the only one that orders are paid in
  pictures::studio* studio = nullptr;  // none: files cannot be uploaded
};

// Throws std::runtime_error if the database cannot be used.
hosting::service make(const hosting::environment& env, parts p);

}  // namespace oficio::orders
