#include "app/market/market.hpp"

#include <boost/asio/ip/tcp.hpp>

#include "app/market/assembly.hpp"
#include "app/market/data_lock.hpp"
#include "app/market/door.hpp"
#include "app/market/figures.hpp"
#include "app/market/parts.hpp"
#include "platform/hosting/service.hpp"
#include "platform/http/upstream.hpp"
#include "services/gateway/module.hpp"

namespace oficio::app {
namespace {

using config::settings;

// All eight services in one process. Members are destroyed in reverse order: the server first, the
// parts last.
class market {
 public:
  market(const settings& s, runtime::application& app, telemetry::metrics& metrics,
         telemetry::logger log)
      : settings_(s),
        app_(app),
        metrics_(metrics),
        log_(std::move(log)),
        tls_(read_tls(s)),
        clock_(s.duration("clock_offset")),
        make_(s, app, clock_, log_),
        keys_(security::signing_keys::load_or_create(make_.key_file("access"))),
        identities_({make_.secret("identity_key", "identity")}, clock_),
        passwords_(app.hashing()),
        parts_(make_),
        host_(environment(parts_.bus.get()), identities_) {
    add_services();
    add_gateway();
    add_server();
    figures_ = watch_process(metrics_, app_,
                             {{"auth", parts_.auth.get()}, {"reviews", parts_.reviews.get()}});
  }

  awaitable<void> start() {
    co_await host_.start();
    co_await gateway_->start();
    server_->start();
    if (tls_) reload_on_hangup(app_.io(), tls_, log_);
    log_.info("the market is open",
              {{"url.full", public_url(settings_)}, {"server.port", server_->port()}});
  }

 private:
  hosting::environment environment(events::bus* bus) {
    return {.app = app_,
            .clock = clock_,
            .log = log_,
            .bus = bus,
            .cursor_key = make_.secret("cursor_key", "cursor"),
            .seal_key = make_.secret("seal_key", "seal"),
            .metrics = &metrics_};
  }

  void add_services() {
    auto all = make_services(environment(parts_.bus.get()), parts_, keys_, passwords_, settings_);
    for (auto& one : all) add(std::move(one));
  }

  void add(hosting::service s) {
    auto name = s.name;
    upstreams_[name] = http::make_local_upstream(host_.add(std::move(s)), name);
  }

  void add_gateway() {
    gateway::upstreams to;
    for (const auto& [name, upstream] : upstreams_) to.by_service[name] = upstream.get();
    auto options = gateway_options(settings_, tls_ != nullptr);
    gateway_ = gateway::make(environment(nullptr), identities_, std::move(to), options, &clock_);
  }

  void add_server() {
    server_ = http::make_server(app_.io(), server_options(settings_, tls_, metrics_),
                                gateway_->routes(), log_.named("gateway"));
    app_.on_stop(runtime::stop_stage::stop_accepting, "listener",
                 [this](auto) { return stop_accepting(); });
    app_.on_stop(runtime::stop_stage::finish_requests, "requests",
                 [this](auto patience) { return server_->finish(patience); });
  }

  awaitable<void> stop_accepting() {
    log_.info("stopping");
    server_->stop_accepting();
    co_return;
  }

  const settings& settings_;
  runtime::application& app_;
  telemetry::metrics& metrics_;
  telemetry::logger log_;
  std::shared_ptr<http::server_tls> tls_;
  wall_clock clock_;
  part_maker make_;
  security::signing_keys keys_;
  security::identity_tokens identities_;
  security::password_hasher passwords_;
  market_parts parts_;
  hosting::host host_;
  std::map<std::string, std::unique_ptr<http::upstream>> upstreams_;
  std::unique_ptr<gateway::gateway> gateway_;
  std::unique_ptr<http::server> server_;
  telemetry::metrics::handle figures_;
};

// A port that is taken is the mistake that people make most: told before any file is touched.
void check_port(const settings& s) {
  boost::asio::io_context io;
  auto port = s.number("port", 0, 65'535);
  try {
    boost::asio::ip::tcp::acceptor probe(
        io, {boost::asio::ip::make_address(s.text("host")), static_cast<std::uint16_t>(port)},
        true);
  } catch (const boost::system::system_error& e) {
    throw config::wrong_setting("port: cannot listen at " + s.text("host") + ":" +
                                std::to_string(port) + " (" + e.code().message() +
                                "); is Oficio running already? Another port: --port N");
  }
}

}  // namespace

int serve_all(const settings& s) {
  check_port(s);
  data_lock lock(s.text("data"));
  runtime::application app(runtime_options(s));
  auto log = make_logger(s);
  telemetry::metrics figures;
  auto metrics_door = open_metrics(s, figures, log);
  auto all = std::make_unique<market>(s, app, figures, log);
  int status = app.run([&all] { return all->start(); });
  if (status == 0) log.info("stopped; everything is kept");
  return status;
}

}  // namespace oficio::app
