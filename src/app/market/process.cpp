#include "app/market/process.hpp"

#include <sstream>

#include "app/market/archive.hpp"
#include "app/market/door.hpp"
#include "app/market/figures.hpp"
#include "platform/cache/counting.hpp"
#include "platform/tracing/requests.hpp"

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
                 observation& observed, telemetry::logger log)
    : settings_(s),
      plan_(std::move(p)),
      app_(app),
      metrics_(metrics),
      observed_(observed),
      log_(std::move(log)),
      tls_(read_tls(s)),
      clock_(s.duration("clock_offset")),
      keys_(s, plan_.whole ? "" : "serve " + plan_.what),
      identities_(keys_.several("identity_key", "identity"), clock_),
      environment_(make_environment(app, clock_, log_, keys_, plan_)),
      business_(metrics),
      make_(s, app, clock_, log_, keys_,
            plan_.whole ? part_user::whole_market : part_user::one_of_several),
      parts_(make_, keys_, app, plan_),
      host_(with_bus(), identities_) {
  add_services();
  if (plan_.gateway) add_gateway();
  add_server();
  figures_ = watch_process(metrics_, app_,
                           {{"auth", parts_.auth.get()}, {"reviews", parts_.reviews.get()}});
  own_figures_ = metrics_.on_read([&of = observed](auto& to) { of.tell(to); });
}

hosting::environment process::with_bus() {
  if (parts_.cache) parts_.cache = cache::count(std::move(parts_.cache), metrics_);
  parts_.watch(observed_.tracer(), metrics_, business_, settings_);
  environment_.metrics = &metrics_;
  environment_.bus = parts_.bus.get();
  if (!plan_.gateway && settings_.flag("dev_pages")) environment_.movable_clock = &clock_;
  return environment_;
}

void process::add_services() {
  for (const auto& name : plan_.services) {
    auto service = make_service(name, environment_, parts_, settings_);
    if (auto* by = observed_.tracer()) tracing::watch(*by, service);
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
      upstream = reach(app_.io(), settings_, std::string(name), address, &metrics_);
      add_clocks(std::string(name), address, to);
    }
    if (auto* by = observed_.tracer()) {
      upstream = tracing::watch(*by, std::move(upstream), std::string(name));
    }
    to.by_service[std::string(name)] = upstream.get();
  }
  auto options = gateway_options(settings_, tls_ != nullptr);
  if (make_.shares_cache()) options.cache = parts_.cache.get();
  options.telemetry = observed_.intake();
  options.tracer = observed_.tracer();
  options.environment = settings_.text("environment");
  archive_ = open_archive(settings_, plan_, app_);
  options.archive = archive_.get();
  auto without_bus = environment_;
  without_bus.bus = nullptr;
  gateway_ = gateway::make(without_bus, identities_, std::move(to), options, &clock_);
  routes_ = &gateway_->routes();
}

// To each instance alone, since what is balanced reaches one of them.
void process::add_clocks(const std::string& service, const std::string& addresses,
                         gateway::upstreams& to) {
  if (!settings_.flag("dev_pages")) return;
  std::istringstream list(addresses);
  for (std::string one; std::getline(list, one, ',');) {
    instances_.push_back(reach(app_.io(), settings_, service, one, nullptr));
    to.clocks.emplace_back(service, instances_.back().get());
  }
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
