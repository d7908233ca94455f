#pragma once

#include "platform/http/router.hpp"
#include "services/gateway/forwarder.hpp"

namespace oficio::gateway {

// For operators: POST /api/v1/ops/republish/{service}?after= has a service tell the next page of
// its facts again, so that others rebuild their copies; answers {sent, next}, `next` being what to
// give as `after` for the page behind it. `to` must outlive the routes.
void add_ops_republish(http::router& routes, forwarder& to);

}  // namespace oficio::gateway
