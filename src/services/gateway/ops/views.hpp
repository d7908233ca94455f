#pragma once

#include "platform/http/router.hpp"
#include "services/gateway/forwarder.hpp"

namespace oficio::gateway {

// For operators, of what telemetry has recorded: GET /api/v1/ops/overview, /ops/logs,
// /ops/traces/{id}, /ops/errors, /ops/services and /ops/browser. All outlive the routes; `from`
// null: nothing is recorded here, and they say so.
void add_ops_views(http::router& routes, forwarder& to, archive::reader* from,
                   const wall_clock& clock, std::string cursor_key);

}  // namespace oficio::gateway
