#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/events/bus.hpp"
#include "platform/events/facts.hpp"
#include "platform/events/outbox.hpp"
#include "platform/http/router.hpp"
#include "platform/runtime/application.hpp"
#include "platform/security/identity_token.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::telemetry {
class metrics;
}

namespace oficio::hosting {

// What every service gets from the process that hosts it. All references outlive the services.
struct environment {
  runtime::application& app;
  const wall_clock& clock;
  telemetry::logger log;
  events::bus* bus = nullptr;  // the gateway has none
  std::string cursor_key;      // signs list cursors
  std::string seal_key;        // 32 bytes: secrets in events between auth and notifications
  telemetry::metrics* metrics = nullptr;  // null: nothing is counted
  wall_clock* movable_clock = nullptr;    // the gateway may move it, for tests; null: nobody
};

// Work that a service does by itself every so often (what is due, clean-ups). Runs in every
// instance; the store's version check lets one win.
struct timer_job {
  std::string name;
  std::chrono::milliseconds interval;  // jittered by a fifth
  std::function<awaitable<result<void>>(const context& ctx)> run;
};

struct subscription {
  events::queue queue;
  events::handler handle;
};

struct readiness_check {
  std::string name;  // "database"
  std::function<awaitable<result<void>>(const context& ctx)> run;
  bool needed = true;  // false: without it the service is slower, not away
};

// A service as its host sees it: routes to serve, queues to consume, outboxes to relay, timers.
// The service's own objects live in `state`.
struct service {
  std::string name;  // "orders": also the audience of its identity tokens
  http::router routes;
  std::vector<subscription> subscriptions;
  std::vector<events::outbox*> outboxes;
  std::vector<events::fact_source> facts;  // what it can tell again, for copies to be rebuilt
  std::vector<timer_job> timers;
  std::vector<readiness_check> checks;
  std::function<awaitable<void>()> start;  // may be empty; after subscriptions, before requests
  std::shared_ptr<void> state;
};

// Runs services in this process: verifies identities, adds /healthz, /readyz and /internal/events,
// subscribes, relays, keeps timers, and registers everything with the application's stop order.
class host {
 public:
  host(environment env, const security::identity_tokens& identities);
  ~host();

  // Adds a service and returns its complete router (identity check included), for a server or a
  // local upstream. The router lives as long as the host.
  const http::router& add(service s);

  // Subscribes everything, then starts relays and timers.
  awaitable<void> start();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// The middleware that turns the identity header into ctx.who: no header is a visitor, a bad one
// 401.
http::middleware verify_identity(const security::identity_tokens& tokens, std::string audience);

// Wraps a handler: 401 unless somebody is signed in.
http::handler signed_in(http::handler next);

// Wraps a handler of /internal: 403 unless the gateway itself asks (its own identity has the role
// "gateway", which no account can have).
http::handler for_gateway(http::handler next);

}  // namespace oficio::hosting
