#pragma once

#include "services/gateway/module.hpp"

namespace oficio::gateway {

// GET /healthz: this process answers.
awaitable<result<http::response>> alive();

// GET /readyz: what each service says of itself; 503 unless all are ready.
awaitable<result<http::response>> ready(context ctx, const upstreams& to);

}  // namespace oficio::gateway
