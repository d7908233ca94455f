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

// The files that something uses by now, by its id.
using files_used =
    std::function<awaitable<result<std::vector<std::string>>>(const context& ctx, std::string id)>;

// Settles the files of what an event's subject is, each time when it was written. `from` must
// outlive the service.
hosting::subscription settling(std::string queue, std::vector<std::string> patterns, shelf& from,
                               files_used used_by);

}  // namespace oficio::files
