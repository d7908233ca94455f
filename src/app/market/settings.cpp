#include "app/market/settings.hpp"

#include "platform/telemetry/documents.hpp"

namespace oficio::app {

config::settings declared_settings() {
  return config::settings({
      {"data", "var", "the folder of all files that this process keeps"},
      {"host", "127.0.0.1", "the address that the gateway listens at"},
      {"port", "4000", "the port that the gateway listens at"},
      {"services.host", "127.0.0.1", "the address that services listen at (serve SERVICE)"},
      {"auth.port", "4002", "the port of auth (serve auth)"},
      {"users.port", "4003", "the port of users"},
      {"gigs.port", "4004", "the port of gigs"},
      {"chat.port", "4005", "the port of chat"},
      {"orders.port", "4006", "the port of orders"},
      {"reviews.port", "4007", "the port of reviews"},
      {"notifications.port", "4001", "the port of notifications"},
      {"auth.url", "",
       "where the gateway reaches auth: http(s)://HOST:PORT, several comma-separated; empty: in "
       "the same process (serve all), or at auth.port of this machine (serve gateway)"},
      {"users.url", "", "where the gateway reaches users"},
      {"gigs.url", "", "where the gateway reaches gigs"},
      {"chat.url", "", "where the gateway reaches chat"},
      {"orders.url", "", "where the gateway reaches orders"},
      {"reviews.url", "", "where the gateway reaches reviews"},
      {"notifications.url", "", "where the gateway reaches notifications"},
      {"upstream_ca", "",
       "PEM file of who vouches for services at https://; empty: whom the system trusts"},
      {"public_url", "",
       "where people reach the market, for links in mails; empty: http://localhost:PORT"},
      {"io_threads", "0", "threads for network input and output; 0: one per core"},
      {"blocking_threads", "0",
       "threads for database calls; 0: 4, or 16 where a service has its process to itself"},
      {"drain_delay", "0ms", "how long to serve on after readiness said 503"},
      {"stop_patience", "10s", "how long an orderly stop may take"},
      {"clock_offset", "0ms", "moves the clock forward, for tests"},
      {"dev_pages", "true", "offer /dev/mail and /dev/clock to this machine's own people"},
      {"log.format", "auto", "json, readable, or auto: readable on a terminal"},
      {"environment", "dev",
       "what this installation is for, such as production: it names the "
       "telemetry's data streams"},
      {"telemetry", "",
       "where logs, requests, errors and figures go: sqlite:FILE, http(s)://…:9200 "
       "(Elasticsearch), or off; empty: "
       "sqlite:telemetry.db where one process is the whole market, else off"},
      {"telemetry.keep", "7d", "how long a file of telemetry keeps them"},
      {"telemetry.max_mb", "512", "how large that file may grow, in MiB; the oldest go first"},
      {"trace.sampling", "1", "the share of requests whose trace is kept, 0 to 1"},
      {"trace.per_second", "100",
       "how many traces a second a process keeps; in a rush it keeps half of them, a quarter …; 0: "
       "no limit"},
      {"trace.slow", "1s", "requests that take longer are always kept, as those that fail"},
      {"log.to", "stderr", "where log lines go: stderr or stdout"},
      {"log.level", "info", "the lowest level that is written: debug, info, warn or error"},
      {"currency", "USD", "the one currency of this installation"},
      {"auth.database", "sqlite:auth.db", "accounts and sessions"},
      {"users.database", "sqlite:users.db", "profiles, sellers, activity"},
      {"gigs.database", "sqlite:gigs.db", "gigs"},
      {"chat.database", "sqlite:chat.db", "conversations and messages"},
      {"orders.database", "sqlite:orders.db", "orders and the ledger"},
      {"reviews.database", "sqlite:reviews.db", "reviews and ratings"},
      {"events", "embedded:", "the event bus"},
      {"search", "sqlite:gigs-search.db", "the search index of gigs"},
      {"cache", "memory:", "short-lived shared data"},
      {"mail", "outbox:mail.db", "where mail goes"},
      {"payments", "sandbox:payments.db", "who moves money"},
      {"payments.webhook_key", "",
       "signs what the payment provider tells; empty: made in DATA/keys (serve all)", true},
      {"identity_key", "",
       "signs identities between gateway and services, the same in all processes; two, "
       "comma-separated, while it is changed: the first signs; empty: made in DATA/keys (serve "
       "all)",
       true},
      {"seal_key", "", "seals secrets in events; empty: made in DATA/keys (serve all)", true},
      {"cursor_key", "", "signs positions in lists; empty: made in DATA/keys (serve all)", true},
      {"rate.per_address", "1200", "requests a minute from one address; 0: no limit"},
      {"rate.per_account", "600", "requests a minute of one account; 0: no limit"},
      {"rate.sign_in", "300", "sign-ups, sign-ins and password mails a minute from one address"},
      {"rate.search", "600", "searches a minute from one address"},
      {"rate.upload", "120", "uploads a minute from one address"},
      {"rate.intake", "240", "reports of browsers a minute from one address"},
      {"trusted_proxies", "",
       "addresses and networks (10.0.0.0/8) whose X-Forwarded-For is believed, comma-separated"},
      {"auth.tries_per_account", "10",
       "failed sign-ins of one account before delays begin; 0: no limit"},
      {"auth.tries_per_address", "100",
       "failed sign-ins from one address before delays begin; 0: no limit"},
      {"http.max_body", "1048576", "the largest request body, in bytes"},
      {"http.max_upload", "11534336", "the largest body of an upload, in bytes"},
      {"http.max_in_flight", "50331648", "memory for all larger bodies at once, in bytes"},
      {"http.max_connections", "10000", "open connections; more wait"},
      {"http.max_connections_per_client", "1000", "of one address; more are closed; 0: no limit"},
      {"http.header_timeout", "10s", "for a request's line and header; then 408"},
      {"http.body_timeout", "30s", "for a request's body; then 408"},
      {"http.idle_timeout", "60s", "how long an unused connection is kept"},
      {"http.compress", "true", "gzip for clients that take it"},
      {"sockets.max", "8000", "Socket.IO connections of one gateway; 503 beyond"},
      {"sockets.per_address", "800", "of one address; 429 beyond; 0: no limit"},
      {"sockets.per_account", "30", "of one account; 0: no limit"},
      {"sockets.events", "20",
       "events a second that a connection may send, three times as many after a pause; all of an "
       "account twice as many; 0: no limit"},
      {"tls.certificate", "",
       "PEM file of the certificate and its chain: the port speaks HTTPS; SIGHUP reads it again"},
      {"tls.key", "", "PEM file of the certificate's private key"},
      {"secure_cookies", "false",
       "mark cookies Secure and send HSTS: set it behind a proxy that speaks HTTPS"},
      {"cors.origins", "",
       "pages of other origins (https://app.example) that may use the API, comma-separated"},
      {"metrics", "",
       "ADDRESS:PORT where Prometheus reads /metrics, such as 127.0.0.1:4090; empty: nowhere"},
  });
}

std::string telemetry_environment(const config::settings& s) {
  auto out = s.text("environment");
  if (out != telemetry::stream_part(out)) {
    throw config::wrong_setting("environment: must be small letters, digits, dots and _");
  }
  return out;
}

}  // namespace oficio::app
