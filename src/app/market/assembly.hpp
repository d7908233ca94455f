#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/market/parts.hpp"
#include "platform/hosting/service.hpp"
#include "platform/pictures/studio.hpp"
#include "platform/security/access_token.hpp"
#include "platform/security/password.hpp"

namespace oficio::app {

// What serving the market and making samples for it have in common.

runtime::options runtime_options(const config::settings& s);
telemetry::logger make_logger(const config::settings& s);
std::string public_url(const config::settings& s);

// What the services keep their things in. Made before them, destroyed after them.
struct market_parts {
  explicit market_parts(const part_maker& make);

  std::shared_ptr<events::bus> bus;
  std::unique_ptr<cache::store> cache;
  std::unique_ptr<mail::local_outbox> mail;
  std::unique_ptr<payments::provider> payments;
  std::unique_ptr<search::index> search;
  std::unique_ptr<pictures::studio> studio;
  std::unique_ptr<sql::database> auth;
  std::unique_ptr<documents::database> users;
  std::unique_ptr<documents::database> gigs;
  std::unique_ptr<documents::database> chat;
  std::unique_ptr<documents::database> orders;
  std::unique_ptr<sql::database> reviews;
};

// All services but the gateway, over these parts, which outlive them.
std::vector<hosting::service> make_services(const hosting::environment& env, market_parts& parts,
                                            security::signing_keys& keys,
                                            security::password_hasher& passwords,
                                            const config::settings& s);

}  // namespace oficio::app
