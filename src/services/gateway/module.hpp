#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "platform/archive/archive.hpp"
#include "platform/cache/cache.hpp"
#include "platform/hosting/service.hpp"
#include "platform/http/upstream.hpp"
#include "platform/security/rate_limit.hpp"
#include "platform/telemetry/intake.hpp"
#include "platform/telemetry/tracer.hpp"
#include "services/gateway/live/presence_table.hpp"

namespace oficio::gateway {

// Who answers for "auth", "users", "gigs", "chat", "orders", "reviews" and "notifications". All
// outlive the gateway; a service that is not there is answered 503.
struct upstreams {
  std::map<std::string, http::upstream*> by_service;
  // Each instance in another process, whose clock /dev/clock moves together with ours.
  std::vector<std::pair<std::string, http::upstream*>> clocks = {};
};

struct socket_options {
  std::size_t max = 8'000;        // of this gateway; 503 beyond
  std::size_t per_address = 800;  // 429 beyond; 0: no limit
  std::size_t per_account = 30;   // `too_many_connections` beyond; 0: no limit
  // Events that one may send, after a pause three times so many; all of an account together twice
  // as many. 0: no limit.
  double events_per_second = 20;
  presence_options presence = {};
};

struct options {
  bool secure_cookies = false;  // true behind HTTPS: cookies are Secure, and HSTS is sent
  bool compress = true;         // gzip for those who take it
  std::string cors_origins;     // as `origins` reads them: who may call from other pages
  bool dev_pages = true;        // /dev/mail and /dev/clock, for this machine's own people
  // A burst of 0 is no limit; no limit per address is none for its expensive calls, either. An IPv6
  // client is its /64 network.
  security::rate per_address{.burst = 600, .refill_all_in = std::chrono::minutes(1)};
  security::rate per_account{.burst = 600, .refill_all_in = std::chrono::minutes(1)};
  security::rate sign_in{.burst = 300, .refill_all_in = std::chrono::minutes(1)};
  security::rate search{.burst = 600, .refill_all_in = std::chrono::minutes(1)};
  security::rate upload{.burst = 120, .refill_all_in = std::chrono::minutes(1)};
  security::rate intake{.burst = 240, .refill_all_in = std::chrono::minutes(1)};
  std::chrono::milliseconds follow_interval{3'000};  // how often auth is asked for ended sessions
  // What all gateways share, and outlives them: limits hold for all together, and sessions end
  // everywhere sooner. Null: this gateway is the only one, or each keeps to itself.
  cache::store* cache = nullptr;
  std::chrono::milliseconds share_interval{250};  // how often limits are shared
  // Where what browsers tell of themselves is kept; outlives the gateway. Null: nowhere.
  telemetry::intake* telemetry = nullptr;
  // Who records requests, and what people's sockets are told; outlives the gateway. Null: nobody.
  telemetry::tracer* tracer = nullptr;
  std::string environment = "dev";  // the last part of its streams' names
  socket_options sockets = {};
  // What operators are shown; outlives the gateway. Null: nothing is recorded.
  archive::reader* archive = nullptr;
};

// The only door for clients: sessions, cookies, limits, and who answers what.
class gateway {
 public:
  virtual ~gateway() = default;

  // Serve these at the public listener.
  virtual const http::router& routes() const = 0;
  // Fetches auth's keys and ended sessions, and goes on following them until the application stops.
  // An auth that cannot be reached yet is no error: it is asked again.
  virtual awaitable<void> start() = 0;
};

// `movable_clock` is moved by POST /dev/clock; null: there is no such page.
std::unique_ptr<gateway> make(const hosting::environment& env,
                              const security::identity_tokens& identities, upstreams to, options o,
                              wall_clock* movable_clock);

}  // namespace oficio::gateway
