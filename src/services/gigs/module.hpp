#pragma once

#include <string>

#include "platform/documents/driver.hpp"
#include "platform/hosting/service.hpp"
#include "platform/pictures/studio.hpp"
#include "platform/search/index.hpp"

namespace oficio::gigs {

// What the service lives on; all outlive it. The index is made for search_schema().
struct parts {
  documents::database& database;
  search::index& search;
  std::string currency = "USD";        // ISO 4217; prices in another are refused
  pictures::studio* studio = nullptr;  // none: pictures cannot be uploaded
};

// What a gig is to search.
search::schema search_schema();

// The service "gigs".
hosting::service make(const hosting::environment& env, parts p);

}  // namespace oficio::gigs
