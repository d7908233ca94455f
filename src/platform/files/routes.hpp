#pragma once

#include "platform/files/shelf.hpp"
#include "platform/hosting/service.hpp"
#include "platform/http/router.hpp"

namespace oficio::files {

// POST /files?for=PURPOSE (a form with one field `file`) and GET /files/{id}[?size=small]. `from`
// must outlive the router.
void add_routes(http::router& to, shelf& from);

// Deletes files that nothing uses any more. `from` must outlive the service.
hosting::timer_job purging(std::string service, shelf& from);

}  // namespace oficio::files
