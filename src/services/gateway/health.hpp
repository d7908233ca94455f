#pragma once

#include "platform/telemetry/metrics.hpp"
#include "services/gateway/module.hpp"

namespace oficio::gateway {

// GET /healthz: this process answers.
awaitable<result<http::response>> alive();

// GET /readyz: what each service says of itself; 503 unless all are ready. All are asked at once,
// and what does not answer within 2 s is not ready. A cache that is away (null: there is none) is
// told, but the door goes on without it.
awaitable<result<http::response>> ready(context ctx, const upstreams& to, cache::store* cache);

// GET /metrics, for this machine's own people and programs; 404 for all others.
awaitable<result<http::response>> figures(const http::request& r, const telemetry::metrics& of);

}  // namespace oficio::gateway
