#include "app/market/market.hpp"

#include <boost/asio/ip/tcp.hpp>

#include "app/market/assembly.hpp"
#include "app/market/data_lock.hpp"
#include "app/market/parts.hpp"
#include "platform/hosting/service.hpp"
#include "platform/http/server.hpp"
#include "platform/http/upstream.hpp"
#include "services/gateway/module.hpp"

namespace oficio::app {
namespace {

using config::settings;

security::rate per_minute(const settings& s, std::string_view name) {
  return {.burst = static_cast<double>(s.number(name, 0, 100'000'000)),
          .refill_all_in = std::chrono::minutes(1)};
}

// All eight services in one process. Members are destroyed in reverse order: the server first, the
// parts last.
class market {
 public:
  market(const settings& s, runtime::application& app, telemetry::logger log)
      : settings_(s),
        app_(app),
        log_(std::move(log)),
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
  }

  awaitable<void> start() {
    co_await host_.start();
    co_await gateway_->start();
    server_->start();
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
            .seal_key = make_.secret("seal_key", "seal")};
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
    gateway::options options;
    options.secure_cookies = settings_.flag("secure_cookies");
    options.dev_pages = settings_.flag("dev_pages");
    options.per_address = per_minute(settings_, "rate.per_address");
    options.per_account = per_minute(settings_, "rate.per_account");
    gateway_ = gateway::make(environment(nullptr), identities_, std::move(to), options, &clock_);
  }

  void add_server() {
    http::server_options options;
    options.address = settings_.text("host");
    options.port = static_cast<std::uint16_t>(settings_.number("port", 0, 65'535));
    options.max_body_bytes =
        static_cast<std::size_t>(settings_.number("http.max_body", 1'024, 1'073'741'824));
    server_ = http::make_server(app_.io(), options, gateway_->routes(), log_.named("gateway"));
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
  telemetry::logger log_;
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
  auto all = std::make_unique<market>(s, app, log);
  int status = app.run([&all] { return all->start(); });
  if (status == 0) log.info("stopped; everything is kept");
  return status;
}

}  // namespace oficio::app
