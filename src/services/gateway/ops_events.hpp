#pragma once

#include "platform/http/router.hpp"
#include "services/gateway/forwarder.hpp"

namespace oficio::gateway {

// For operators: GET /api/v1/ops/events gathers what all services say of their queues and of the
// events that they could not handle; POST /api/v1/ops/events/{id}/replay?queue= hands one of those
// to its queue again (without `queue`: to every queue where it rests). `to` must outlive the
// routes.
void add_ops_events(http::router& routes, forwarder& to, std::string cursor_key);

}  // namespace oficio::gateway
