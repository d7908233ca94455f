#include "platform/hosting/operations.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "platform/hosting/republishing.hpp"
#include "platform/http/body.hpp"
#include "platform/http/json_response.hpp"
#include "platform/runtime/gather.hpp"
#include "platform/telemetry/thrown.hpp"

namespace oficio::hosting {
namespace {

struct part_state {
  std::string state;  // "ok", "away", or "degraded": away, but the service goes on without it
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(part_state, (), (state, reason))

struct health {
  std::string status;  // "ok" (some part may be degraded), "unavailable"
  std::string service;
  std::map<std::string, part_state> checks;  // by part
};
BOOST_DESCRIBE_STRUCT(health, (), (status, service, checks))

// A part that takes longer to say that it is there is not there.
constexpr std::chrono::milliseconds check_patience{1'500};

struct clock_move {
  std::int64_t advance_ms = 0;
};
BOOST_DESCRIBE_STRUCT(clock_move, (), (advance_ms))

// Null where the event does not say it.
json::value trace_id_of(const events::envelope& e) {
  auto found = trace_context::from_header(e.traceparent);
  return found ? json::value(found->trace_id) : json::value(nullptr);
}

// Of all services on the bus: more at once help nobody.
constexpr std::size_t most_letters = 1'000;

struct operations : std::enable_shared_from_this<operations> {
  operations(std::string service, std::vector<readiness_check> parts, events::bus* on,
             const runtime::application& in)
      : name(std::move(service)), checks(std::move(parts)), bus(on), app(in) {}

  std::string name;
  std::vector<readiness_check> checks;
  events::bus* bus;
  const runtime::application& app;

  awaitable<result<http::response>> alive() {
    co_return http::json_response(200, health{"ok", name, {}});
  }

  // A check that is given up goes on unseen: it holds what it uses.
  static awaitable<result<void>> check(std::shared_ptr<operations> self, std::size_t which,
                                       context ctx) {
    try {
      co_return co_await self->checks[which].run(ctx);
    } catch (const std::exception& e) {
      co_return error{errc::unavailable, "check_failed", e.what()};
    }
  }

  awaitable<result<http::response>> ready(http::request& r) {
    auto ctx = r.ctx;
    ctx.deadline = std::min(ctx.deadline, std::chrono::steady_clock::now() + check_patience);
    std::vector<awaitable<result<void>>> all;
    for (std::size_t i = 0; i < checks.size(); ++i) {
      all.push_back(check(shared_from_this(), i, ctx));
    }
    auto said = co_await runtime::gather(std::move(all), ctx.deadline);
    health out{"ok", name, {}};
    for (std::size_t i = 0; i < checks.size(); ++i) {
      auto& part = out.checks[checks[i].name] = {"ok", std::nullopt};
      if (said[i] && said[i]->has_value()) continue;
      part.state = checks[i].needed ? "away" : "degraded";
      part.reason = said[i] ? telemetry::untold(said[i]->error().detail).message
                            : "It did not answer in time.";
      if (checks[i].needed) out.status = "unavailable";
    }
    if (app.stopping()) {
      out.checks["process"] = {"away", "It is stopping."};
      out.status = "unavailable";
    }
    co_return http::json_response(out.status == "ok" ? 200 : 503, out);
  }

  bool is_ours(const std::string& queue) const { return queue.starts_with(name + "."); }

  awaitable<result<http::response>> list_events(http::request& r) {
    CO_TRY(auto queues, co_await bus->status(r.ctx));
    CO_TRY(auto dead, co_await bus->dead_letters(r.ctx, most_letters));
    json::object out;
    auto& listed = out["queues"].emplace_array();
    for (const auto& q : queues) {
      if (!is_ours(q.name)) continue;
      listed.push_back({{"name", q.name}, {"waiting", q.waiting}, {"dead", q.dead}});
    }
    auto& letters = out["dead_letters"].emplace_array();
    for (const auto& d : dead) {
      if (!is_ours(d.queue)) continue;
      letters.push_back({{"id", d.event.id},
                         {"queue", d.queue},
                         {"type", d.event.type},
                         {"subject", d.event.subject},
                         {"reason", d.reason},
                         {"attempts", d.attempts},
                         {"died_at", format_time(d.died_at)},
                         {"trace_id", trace_id_of(d.event)}});
    }
    co_return http::json_response(200, json::to_text(json::value(std::move(out))));
  }

  awaitable<result<http::response>> replay(http::request& r) {
    auto queue = r.query_param("queue").value_or("");
    if (!is_ours(queue)) co_return not_found("The queue");
    CO_TRY_VOID(co_await bus->replay(r.ctx, r.param("id"), queue));
    co_return http::no_content();
  }
};

awaitable<result<void>> check_bus(events::bus& bus, context ctx) {
  CO_TRY(auto queues, co_await bus.status(ctx));
  static_cast<void>(queues);
  co_return result<void>{};
}

awaitable<result<http::response>> move_clock(wall_clock& clock, http::request& r) {
  CO_TRY(auto wanted, http::read_body<clock_move>(r));
  if (wanted.advance_ms < 0) {
    co_return invalid({{"/advance_ms", "negative", "must not be negative"}});
  }
  clock.advance(std::chrono::milliseconds(wanted.advance_ms));
  co_return http::no_content();
}

awaitable<result<http::response>> refuse_outsider() {
  co_return error{errc::forbidden, "internal_only", "This is for the gateway alone."};
}

}  // namespace

void add_operations(service& s, const environment& env) {
  auto checks = s.checks;
  // Changes are kept without the bus, and their events wait.
  if (env.bus) {
    checks.push_back(
        {"events", [bus = env.bus](const context& ctx) { return check_bus(*bus, ctx); }, false});
  }
  auto own = std::make_shared<operations>(s.name, std::move(checks), env.bus, env.app);
  s.routes.get("/healthz", [own](http::request&) { return own->alive(); });
  s.routes.get("/readyz", [own](http::request& r) { return own->ready(r); });
  if (env.movable_clock) {
    s.routes.post("/internal/clock", for_gateway([clock = env.movable_clock](http::request& r) {
                    return move_clock(*clock, r);
                  }));
  }
  if (!env.bus) return;
  add_republishing(s, *env.bus, env.clock);
  s.routes.get("/internal/events",
               for_gateway([own](http::request& r) { return own->list_events(r); }));
  s.routes.post("/internal/events/{id}/replay",
                for_gateway([own](http::request& r) { return own->replay(r); }));
}

http::handler for_gateway(http::handler next) {
  return [next = std::move(next)](http::request& r) {
    return r.ctx.who.has_role("gateway") ? next(r) : refuse_outsider();
  };
}

}  // namespace oficio::hosting
