#pragma once

#include <memory>
#include <string>

#include "app/market/business.hpp"
#include "app/market/parts.hpp"
#include "app/market/plan.hpp"
#include "platform/hosting/service.hpp"
#include "platform/pictures/studio.hpp"
#include "platform/security/access_token.hpp"
#include "platform/security/password.hpp"
#include "platform/telemetry/tracer.hpp"

namespace oficio::app {

// What serving the market and making samples for it have in common.

runtime::options runtime_options(const config::settings& s, const plan& p);
telemetry::logger make_logger(const config::settings& s);
// What such a logger writes to standard error or output, and from which level on.
std::shared_ptr<telemetry::sink> console_sink(const config::settings& s);
telemetry::level lowest_level(const config::settings& s);

// What services get from their process, but for the bus; the keys that none of these needs are
// empty. All references outlive it.
hosting::environment make_environment(runtime::application& app, const wall_clock& clock,
                                      telemetry::logger log, const secrets& keys, const plan& p);

// What the services of a plan keep their things in: what none of them needs is null. Made before
// them, destroyed after them.
struct market_parts {
  market_parts(part_maker& make, const secrets& keys, runtime::application& app, const plan& p);

  // From now on their calls are spans, and what they do is counted; before services use them.
  void watch(telemetry::tracer* by, telemetry::metrics& figures, business_figures& count,
             const config::settings& s);

  std::shared_ptr<events::bus> bus;
  std::unique_ptr<cache::store> cache;
  mail_parts mail;
  std::unique_ptr<payments::provider> payments;
  std::unique_ptr<search::index> search;
  std::unique_ptr<pictures::studio> studio;
  std::unique_ptr<sql::database> auth;
  std::unique_ptr<documents::database> users;
  std::unique_ptr<documents::database> gigs;
  std::unique_ptr<documents::database> chat;
  std::unique_ptr<documents::database> orders;
  std::unique_ptr<sql::database> reviews;
  security::signing_keys signing;  // auth fills them
  std::string first_keys;
  std::unique_ptr<security::password_hasher> passwords;
};

// The service of that name over these parts, which outlive it.
hosting::service make_service(const std::string& name, const hosting::environment& env,
                              market_parts& parts, const config::settings& s);

}  // namespace oficio::app
