#include "app/market/process.hpp"

#include "app/market/door.hpp"
#include "app/market/figures.hpp"

namespace oficio::app {
namespace {

using config::settings;

// Figures of a process that only gateways and whoever runs the market can reach.
awaitable<result<http::response>> figures(const telemetry::metrics& of) {
  http::response out;
  out.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  out.body = of.text();
  co_return out;
}

}  // namespace

process::process(const settings& s, plan p, runtime::application& app, telemetry::metrics& metrics,
                 telemetry::logger log)
    : settings_(s),
      plan_(std::move(p)),
      app_(app),
      metrics_(metrics),
      log_(std::move(log)),
      tls_(read_tls(s)),
      clock_(s.duration("clock_offset")),
      keys_(s, plan_.whole ? "" : "serve " + plan_.what),
      identities_(keys_.several("identity_key", "identity"), clock_),
      make_(s, app, clock_, log_, keys_,
            plan_.whole ? part_user::whole_market : part_user::one_of_several),
      parts_(make_, keys_, app, plan_),
      host_(environment(parts_.bus.get()), identities_) {
  add_services();
  if (plan_.gateway) add_gateway();
  add_server();
  figures_ = watch_process(metrics_, app_,
                           {{"auth", parts_.auth.get()}, {"reviews", parts_.reviews.get()}});
}

hosting::environment process::environment(events::bus* bus) const {
  auto env = make_environment(app_, clock_, log_, bus, keys_, plan_);
  env.metrics = &metrics_;
  return env;
}

void process::add_services() {
  auto env = environment(parts_.bus.get());
  for (const auto& name : plan_.services) {
    auto service = make_service(name, env, parts_, settings_);
    if (!plan_.gateway) {
      service.routes.get("/metrics", [&of = metrics_](http::request&) { return figures(of); });
    }
    routes_ = &host_.add(std::move(service));
    upstreams_[name] = http::make_local_upstream(*routes_, name);
  }
}

void process::add_gateway() {
  gateway::upstreams to;
  for (auto name : service_names) {
    auto& upstream = upstreams_[std::string(name)];
    if (!upstream) {
      auto address = upstream_address(settings_, plan_.what, name);
      upstream = reach(app_.io(), settings_, std::string(name), address, metrics_);
    }
    to.by_service[std::string(name)] = upstream.get();
  }
  auto options = gateway_options(settings_, tls_ != nullptr);
  gateway_ = gateway::make(environment(nullptr), identities_, std::move(to), options, &clock_);
  routes_ = &gateway_->routes();
}

void process::add_server() {
  auto options = plan_.gateway ? door_options(settings_, plan_.listen)
                               : service_options(settings_, plan_.listen);
  options.tls = tls_;
  options.metrics = &metrics_;
  auto name = plan_.gateway ? std::string("gateway") : plan_.what;
  server_ = http::make_server(app_.io(), options, *routes_, log_.named(name));
  app_.on_stop(runtime::stop_stage::stop_accepting, "listener",
               [this](auto) { return stop_accepting(); });
  app_.on_stop(runtime::stop_stage::finish_requests, "requests",
               [this](auto patience) { return server_->finish(patience); });
}

awaitable<void> process::start() {
  co_await host_.start();
  if (gateway_) co_await gateway_->start();
  server_->start();
  if (tls_) reload_on_hangup(app_.io(), tls_, log_);
  if (gateway_) {
    log_.info("the market is open",
              {{"url.full", public_url(settings_)}, {"server.port", server_->port()}});
  } else {
    log_.info("serving " + plan_.what,
              {{"server.address", plan_.listen.host}, {"server.port", server_->port()}});
  }
}

awaitable<void> process::stop_accepting() {
  log_.info("stopping");
  server_->stop_accepting();
  co_return;
}

}  // namespace oficio::app
