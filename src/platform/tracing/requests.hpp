#pragma once

#include <memory>
#include <string>

#include "platform/hosting/service.hpp"
#include "platform/http/observer.hpp"
#include "platform/http/upstream.hpp"
#include "platform/telemetry/tracer.hpp"

namespace oficio::tracing {

// What a service does, as transactions. `by` outlives everything that is made here.

// Makes a transaction of each request, but for those that only ask how the service is. Errors that
// nobody expected are told with it. For the router of `service`, which is asked by `who`.
std::unique_ptr<http::observer> record_requests(telemetry::tracer& by, std::string service,
                                                telemetry::caller who);

// Makes a transaction of each event that the service handles and of each job of its timers that did
// something, besides those of its requests.
void watch(telemetry::tracer& by, hosting::service& of);

// Calls are spans named after `service`, and go on in the same trace.
std::unique_ptr<http::upstream> watch(telemetry::tracer& by, std::unique_ptr<http::upstream> to,
                                      std::string service);

}  // namespace oficio::tracing
