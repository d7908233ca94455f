#include <array>

#include "app/market/assembly.hpp"
#include "platform/tracing/parts.hpp"

namespace oficio::app {
namespace {

// Who answers for a part, by the scheme of its address, as maps of services name it.
std::string_view kind_of(const config::settings& s, const std::string& setting) {
  struct pair {
    std::string_view scheme;
    std::string_view kind;
  };
  constexpr std::array<pair, 17> kinds{{{"sqlite", "sqlite"},
                                        {"mongodb", "mongodb"},
                                        {"mongodb+srv", "mongodb"},
                                        {"mysql", "mysql"},
                                        {"postgresql", "postgresql"},
                                        {"http", "elasticsearch"},
                                        {"https", "elasticsearch"},
                                        {"redis", "redis"},
                                        {"rediss", "redis"},
                                        {"memory", "memory"},
                                        {"amqp", "rabbitmq"},
                                        {"amqps", "rabbitmq"},
                                        {"embedded", "embedded"},
                                        {"smtp", "smtp"},
                                        {"smtps", "smtp"},
                                        {"outbox", "outbox"},
                                        {"sandbox", "sandbox"}}};
  auto scheme = config::parse_address(setting, s.text(setting)).scheme;
  for (const auto& k : kinds) {
    if (k.scheme == scheme) return k.kind;
  }
  return "other";
}

}  // namespace

void market_parts::watch(telemetry::tracer* by, telemetry::metrics& figures,
                         business_figures& count, const config::settings& s) {
  auto part = [&](const std::string& setting, const std::string& name) {
    return tracing::part{by, kind_of(s, setting), name, &figures};
  };
  auto documents = [&](std::unique_ptr<documents::database>& of, const std::string& service) {
    if (of) of = tracing::watch(part(service + ".database", service), std::move(of));
  };
  documents(users, "users");
  documents(gigs, "gigs");
  documents(chat, "chat");
  documents(orders, "orders");
  auto rows = [&](sql::database* of, const std::string& service) {
    if (of) of->watch(by, std::string(kind_of(s, service + ".database")) + "/" + service, &figures);
  };
  rows(auth.get(), "auth");
  rows(reviews.get(), "reviews");
  if (cache) cache = tracing::watch(part("cache", "cache"), std::move(cache));
  if (mail.transport)
    mail.transport = tracing::watch(part("mail", "mail"), std::move(mail.transport));
  if (payments) payments = tracing::watch(part("payments", "payments"), std::move(payments));
  if (search) {
    search = tracing::watch(part("search", "gigs"), std::move(search),
                            [&count](auto text, auto total) { count.searched(text, total); });
  }
  if (bus) {
    bus = tracing::watch(part("events", "events"), std::move(bus),
                         [&count](const auto& e) { return count.once_published(e); });
  }
}

}  // namespace oficio::app
