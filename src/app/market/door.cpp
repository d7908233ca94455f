#include "app/market/door.hpp"

#include <charconv>
#include <csignal>
#include <stdexcept>

#include <boost/asio/signal_set.hpp>

#include "services/gateway/answers.hpp"

namespace oficio::app {
namespace {

using config::settings;

security::rate per_minute(const settings& s, std::string_view name) {
  return {.burst = static_cast<double>(s.number(name, 0, 100'000'000)),
          .refill_all_in = std::chrono::minutes(1)};
}

std::size_t count(const settings& s, std::string_view name, std::int64_t min, std::int64_t max) {
  return static_cast<std::size_t>(s.number(name, min, max));
}

// A limit of no time would refuse everybody.
std::chrono::milliseconds limit(const settings& s, const std::string& name) {
  auto time = s.duration(name);
  if (time.count() <= 0) throw config::wrong_setting(name + ": must be longer than nothing");
  return time;
}

template <class T>
T list(const settings& s, const std::string& name) {
  try {
    return T(s.text(name));
  } catch (const std::invalid_argument& e) {
    throw config::wrong_setting(name + ": " + e.what());
  }
}

struct hangups : std::enable_shared_from_this<hangups> {
  hangups(boost::asio::io_context& io, std::shared_ptr<http::server_tls> t, telemetry::logger l)
      : signals(io, SIGHUP), tls(std::move(t)), log(std::move(l)) {}

  void wait() {
    signals.async_wait([self = shared_from_this()](boost::system::error_code stopped, int) {
      if (stopped) return;
      self->reload();
      self->wait();
    });
  }

  void reload() {
    try {
      tls->reload();
      log.info("the certificate was read again; new connections get it");
    } catch (const std::exception& e) {
      log.error("the certificate cannot be read again; the old one stays",
                {{"error.message", e.what()}});
    }
  }

  boost::asio::signal_set signals;
  std::shared_ptr<http::server_tls> tls;
  telemetry::logger log;
};

}  // namespace

std::shared_ptr<http::server_tls> read_tls(const settings& s) {
  auto certificate = s.text("tls.certificate");
  auto key = s.text("tls.key");
  if (certificate.empty() && key.empty()) return nullptr;
  if (key.empty())
    throw config::wrong_setting("tls.key: must be set together with tls.certificate");
  if (certificate.empty()) {
    throw config::wrong_setting("tls.certificate: must be set together with tls.key");
  }
  try {
    return std::make_shared<http::server_tls>(certificate, key);
  } catch (const std::runtime_error& e) {
    std::string said = e.what();
    throw config::wrong_setting((said.starts_with(key + ":") ? "tls.key: " : "tls.certificate: ") +
                                said);
  }
}

// What holds for all who listen: bodies as large as the door lets in must pass behind it, too.
static http::server_options common_options(const settings& s, const listening_point& at,
                                           std::string upload_path) {
  http::server_options o;
  o.address = at.host;
  o.port = at.port;
  o.max_body_bytes = count(s, "http.max_body", 1'024, 1'073'741'824);
  o.large_bodies = {{http::method::post, std::move(upload_path),
                     count(s, "http.max_upload", 1'024, 1'073'741'824)}};
  o.max_large_bytes = count(s, "http.max_in_flight", 1'024, 17'179'869'184);
  o.max_connections = count(s, "http.max_connections", 1, 1'000'000);
  return o;
}

http::server_options door_options(const settings& s, const listening_point& at) {
  auto o = common_options(s, at, "/api/v1/files");
  o.max_connections_per_client = count(s, "http.max_connections_per_client", 0, 1'000'000);
  o.header_timeout = limit(s, "http.header_timeout");
  o.body_timeout = limit(s, "http.body_timeout");
  o.idle_timeout = limit(s, "http.idle_timeout");
  o.trusted_proxies = list<http::networks>(s, "trusted_proxies");
  return o;
}

http::server_options service_options(const settings& s, const listening_point& at) {
  auto o = common_options(s, at, "/files");
  o.trust_request_id = true;
  return o;
}

std::unique_ptr<http::upstream> reach(boost::asio::io_context& io, const settings& s,
                                      const std::string& service, const std::string& address,
                                      telemetry::metrics* figures) {
  http::client_options o;
  o.trust.ca_file = s.text("upstream_ca");
  o.metrics = figures;
  // What was uploaded comes back the same way.
  o.max_answer_bytes =
      std::max(o.max_answer_bytes, 2 * count(s, "http.max_upload", 1'024, 1'073'741'824));
  try {
    return http::make_http_upstream(io, address, o);
  } catch (const std::invalid_argument& e) {
    throw config::wrong_setting(service + ".url: " + e.what());
  } catch (const std::exception& e) {
    throw config::wrong_setting(std::string("upstream_ca: ") + e.what());
  }
}

gateway::options gateway_options(const settings& s, bool over_https) {
  gateway::options o;
  o.secure_cookies = over_https || s.flag("secure_cookies");
  o.dev_pages = s.flag("dev_pages");
  o.compress = s.flag("http.compress");
  o.per_address = per_minute(s, "rate.per_address");
  o.per_account = per_minute(s, "rate.per_account");
  o.sign_in = per_minute(s, "rate.sign_in");
  o.search = per_minute(s, "rate.search");
  o.upload = per_minute(s, "rate.upload");
  o.intake = per_minute(s, "rate.intake");
  o.sockets.max = count(s, "sockets.max", 1, 1'000'000);
  o.sockets.per_address = count(s, "sockets.per_address", 0, 1'000'000);
  o.sockets.per_account = count(s, "sockets.per_account", 0, 1'000'000);
  o.sockets.events_per_second = static_cast<double>(s.number("sockets.events", 0, 100'000));
  list<gateway::origins>(s, "cors.origins");
  o.cors_origins = s.text("cors.origins");
  return o;
}

std::unique_ptr<http::metrics_listener> open_metrics(const settings& s,
                                                     const telemetry::metrics& figures,
                                                     const telemetry::logger& log) {
  auto text = s.text("metrics");
  if (text.empty()) return nullptr;
  auto colon = text.rfind(':');
  std::uint16_t port = 0;
  auto digits = colon == std::string::npos ? std::string() : text.substr(colon + 1);
  auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  auto host = text.substr(0, std::min(colon, text.size()));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (failure != std::errc{} || end != digits.data() + digits.size() || !http::is_address(host)) {
    throw config::wrong_setting("metrics: \"" + text + "\" is not ADDRESS:PORT");
  }
  try {
    auto opened =
        std::make_unique<http::metrics_listener>(host, port, figures, log.named("metrics"));
    log.info("figures can be read", {{"server.address", host}, {"server.port", opened->port()}});
    return opened;
  } catch (const std::exception& e) {
    throw config::wrong_setting(std::string("metrics: ") + e.what());
  }
}

void reload_on_hangup(boost::asio::io_context& io, std::shared_ptr<http::server_tls> tls,
                      telemetry::logger log) {
  std::make_shared<hangups>(io, std::move(tls), std::move(log))->wait();
}

}  // namespace oficio::app
