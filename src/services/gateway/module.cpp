#include "services/gateway/module.hpp"

#include <sstream>

#include "platform/runtime/task_group.hpp"
#include "platform/runtime/timing.hpp"
#include "platform/tracing/requests.hpp"
#include "services/gateway/answers.hpp"
#include "services/gateway/channel.hpp"
#include "services/gateway/compression.hpp"
#include "services/gateway/dev_pages.hpp"
#include "services/gateway/forwarder.hpp"
#include "services/gateway/health.hpp"
#include "services/gateway/intake/door.hpp"
#include "services/gateway/live/sockets.hpp"
#include "services/gateway/ops/views.hpp"
#include "services/gateway/ops_events.hpp"
#include "services/gateway/ops_republish.hpp"
#include "services/gateway/reference.hpp"
#include "services/gateway/web_pages.hpp"

namespace oficio::gateway {
namespace {

http::method method_named(const std::string& name) {
  auto m = http::parse_method(name);
  if (!m) throw std::logic_error("the gateway's table names no method: " + name);
  return *m;
}

constexpr std::size_t longest_id = 100;

class market_gateway final : public gateway {
 public:
  market_gateway(const hosting::environment& env, const security::identity_tokens& identities,
                 upstreams to, const options& o, wall_clock* movable_clock)
      : options_(o),
        log_(env.log),
        origins_(o.cors_origins),
        compressor_(env.app.blocking()),
        forwarder_(env, identities, std::move(to), o),
        intake_(env, forwarder_.shared_limits(), o.telemetry, o.environment),
        sockets_(env, forwarder_, origins_, o),
        follower_(forwarder_, env.clock, sockets_, env.log, env.metrics),
        tasks_(env.app.io().get_executor(), [log = env.log](const auto& task, const auto& what) {
          log.error("background task ended", {{"event.action", task}, {"error.message", what}});
        }) {
    if (o.cache) share_sessions(*o.cache);
    add_api();
    inner_.get("/healthz", [](http::request&) { return alive(); });
    inner_.get("/readyz", [this](http::request& r) {
      return ready(r, forwarder_.services(), options_.cache, follower_.following());
    });
    if (env.metrics) {
      inner_.get("/metrics", [&of = *env.metrics](http::request& r) { return figures(r, of); });
    }
    auto cursor_key = identities.proof("cursor", "ops");  // the same at all gateways
    add_ops_events(inner_, forwarder_, cursor_key);
    intake_.add_to(inner_);
    add_ops_views(inner_, forwarder_, o.archive, machine_clock_, cursor_key);
    add_ops_republish(inner_, forwarder_);
    if (o.dev_pages) add_dev_pages(inner_, forwarder_, movable_clock);
    add_web_pages(inner_);
    add_reference(inner_);
    if (o.tracer) {
      outer_.observe(tracing::record_requests(*o.tracer, "gateway", telemetry::caller::outside));
    }
    outer_.use([this](http::request& r, const http::handler& next) { return hardened(r, next); });
    sockets_.mount(outer_);
    outer_.otherwise([this](http::request& r) { return answer(r); });
    env.app.on_stop(runtime::stop_stage::stop_accepting, "sockets",
                    [this](auto patience) { return sockets_.stop(patience); });
    env.app.on_stop(runtime::stop_stage::stop_consumers, "gateway",
                    [this](auto patience) { return stop(patience); });
  }

  const http::router& routes() const override { return outer_; }

  awaitable<void> start() override {
    co_await catch_up();
    tasks_.spawn("following sessions", follow());
    tasks_.spawn("following news", follower_.run());
    sockets_.start(tasks_);
    if (!news_) co_return;
    tasks_.spawn("telling ended sessions", news_->run());
    tasks_.spawn("sharing limits", share_limits());
  }

 private:
  void share_sessions(cache::store& over) {
    auto& known = forwarder_.known_sessions();
    news_ = std::make_unique<channel>(over, "gateway.sessions.ended",
                                      [&known](const std::string& session_id) {
                                        if (session_id.size() <= longest_id)
                                          known.hear_of_end(session_id);
                                      });
    known.on_end([this](const std::string& session_id) { news_->tell(session_id); });
  }

  void add_api() {
    for (const auto& entry : public_routes()) {
      std::istringstream methods{std::string(entry.methods)};
      for (std::string name; methods >> name;) {
        inner_.add(method_named(name), "/api/v1" + std::string(entry.path),
                   [this, &entry](http::request& r) { return forwarder_.forward(r, entry); });
      }
    }
  }

  awaitable<result<http::response>> hardened(http::request& r, const http::handler& next) {
    // What a client says of a trace is nobody's decision.
    if (!options_.tracer) r.ctx.trace.sampled = false;
    auto out = co_await next(r);
    if (out.has_value()) harden(*out, options_.secure_cookies, !origins_.empty());
    co_return out;
  }

  // Around the inner table, so that its own 404 and 405 are hardened, too.
  awaitable<result<http::response>> answer(http::request& r) {
    auto out = co_await inner_.handle(r);
    harden(out, options_.secure_cookies, !origins_.empty());
    origins_.tell(r, out);
    answer_conditionally(r, out);
    if (options_.compress) co_await compressor_.compress(r, out);
    co_return out;
  }

  // Says once that auth is away, and once that it is back.
  awaitable<void> catch_up() {
    auto done = co_await forwarder_.known_sessions().catch_up();
    if (done.has_error() && !behind_) {
      log_.warn("cannot follow auth's sessions", {{"error.message", done.error().detail}});
    } else if (done.has_value() && behind_) {
      log_.info("follows auth's sessions again");
    }
    behind_ = done.has_error();
  }

  awaitable<void> follow() {
    for (;;) {
      co_await runtime::sleep_for(options_.follow_interval);
      co_await catch_up();
    }
  }

  awaitable<void> share_limits() {
    for (;;) {
      co_await runtime::sleep_for(options_.share_interval);
      co_await forwarder_.shared_limits().share(*options_.cache);
    }
  }

  awaitable<void> stop(std::chrono::milliseconds patience) { co_await tasks_.stop(patience); }

  const options options_;
  const telemetry::logger log_;
  const origins origins_;
  compressor compressor_;
  forwarder forwarder_;
  const wall_clock machine_clock_;  // of what is recorded; the market's may be moved
  intake::door intake_;
  sockets sockets_;
  follower follower_;
  std::unique_ptr<channel> news_;  // null: there is nobody to share with
  http::router inner_;
  http::router outer_;
  bool behind_ = false;  // start() first, then only the following task
  runtime::task_group tasks_;
};

}  // namespace

std::unique_ptr<gateway> make(const hosting::environment& env,
                              const security::identity_tokens& identities, upstreams to, options o,
                              wall_clock* movable_clock) {
  return std::make_unique<market_gateway>(env, identities, std::move(to), o, movable_clock);
}

}  // namespace oficio::gateway
