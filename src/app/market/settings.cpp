#include "app/market/settings.hpp"

namespace oficio::app {

config::settings declared_settings() {
  return config::settings({
      {"data", "var", "the folder of all files that this process keeps"},
      {"host", "127.0.0.1", "the address that the gateway listens at"},
      {"port", "4000", "the port that the gateway listens at"},
      {"public_url", "",
       "where people reach the market, for links in mails; empty: http://localhost:PORT"},
      {"io_threads", "0", "threads for network input and output; 0: one per core"},
      {"blocking_threads", "4", "threads for database calls"},
      {"drain_delay", "0ms", "how long to serve on after readiness said 503"},
      {"stop_patience", "10s", "how long an orderly stop may take"},
      {"clock_offset", "0ms", "moves the clock forward, for tests"},
      {"dev_pages", "true", "offer /dev/mail and /dev/clock to this machine's own people"},
      {"log.format", "auto", "json, readable, or auto: readable on a terminal"},
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
       "signs what the payment provider tells; empty: made in DATA/keys", true},
      {"identity_key", "",
       "signs identities between gateway and services; empty: made in DATA/keys", true},
      {"seal_key", "", "seals secrets in events; empty: made in DATA/keys", true},
      {"cursor_key", "", "signs positions in lists; empty: made in DATA/keys", true},
      {"rate.per_address", "1200", "requests a minute from one address; 0: no limit"},
      {"rate.per_account", "600", "requests a minute of one account; 0: no limit"},
      {"auth.tries_per_account", "10",
       "failed sign-ins of one account before delays begin; 0: no limit"},
      {"auth.tries_per_address", "100",
       "failed sign-ins from one address before delays begin; 0: no limit"},
      {"http.max_body", "1048576", "the largest request body, in bytes"},
      {"secure_cookies", "false", "mark cookies Secure: set it behind HTTPS"},
  });
}

}  // namespace oficio::app
