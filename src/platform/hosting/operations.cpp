#include "platform/hosting/operations.hpp"

#include "platform/http/json_response.hpp"

namespace oficio::hosting {
namespace {

struct health {
  std::string status;
  std::string service;
  std::map<std::string, std::string> checks;  // by part: "ok", or what is wrong
};
BOOST_DESCRIBE_STRUCT(health, (), (status, service, checks))

// Of all services on the bus: more at once help nobody.
constexpr std::size_t most_letters = 1'000;

struct operations {
  std::string name;
  std::vector<readiness_check> checks;
  events::bus* bus;
  const runtime::application& app;

  awaitable<result<http::response>> alive() {
    co_return http::json_response(200, health{"ok", name, {}});
  }

  awaitable<result<http::response>> ready(http::request& r) {
    health out{"ok", name, {}};
    if (app.stopping()) out.checks["process"] = "is stopping";
    bool serves = !app.stopping();
    bool well = serves;
    for (const auto& check : checks) {
      auto done = co_await check.run(r.ctx);
      out.checks[check.name] = done.has_value() ? "ok" : done.error().detail;
      well = well && done.has_value();
      serves = serves && (done.has_value() || !check.vital);
    }
    out.status = !serves ? "unavailable" : well ? "ok" : "degraded";
    co_return http::json_response(serves ? 200 : 503, out);
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
                         {"died_at", format_time(d.died_at)}});
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

awaitable<result<http::response>> refuse_outsider() {
  co_return error{errc::forbidden, "internal_only", "This is for the gateway alone."};
}

}  // namespace

void add_operations(service& s, const environment& env) {
  auto own = std::make_shared<operations>(operations{s.name, s.checks, env.bus, env.app});
  s.routes.get("/healthz", [own](http::request&) { return own->alive(); });
  s.routes.get("/readyz", [own](http::request& r) { return own->ready(r); });
  if (!env.bus) return;
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
