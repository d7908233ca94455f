#pragma once

#include "platform/telemetry/metrics.hpp"
#include "services/gateway/module.hpp"

namespace oficio::gateway {

// GET /healthz: this process answers.
awaitable<result<http::response>> alive();

// GET /readyz: what each service says of itself; 503 unless all are ready. All are asked at once,
// and what does not answer within 2 s is not ready. Why is only told on this very machine: it may
// name hosts and files. A cache (null: there is none) that is away is told, but the door goes on
// without it; nor does the door close while nobody tells it what people must hear of at once.
awaitable<result<http::response>> ready(const http::request& r, const upstreams& to,
                                        cache::store* shared, bool follows_news);

// "ok", "unavailable" or "unreachable", by service.
awaitable<std::map<std::string, std::string>> states_of(const context& ctx, const upstreams& to);

// GET /metrics, for this machine's own people and programs; 404 for all others.
awaitable<result<http::response>> figures(const http::request& r, const telemetry::metrics& of);

}  // namespace oficio::gateway
