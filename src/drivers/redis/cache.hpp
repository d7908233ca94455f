#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "platform/cache/cache.hpp"
#include "platform/config/server_address.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::redis {

// The cache of all processes that name the same Redis (6 or later), database and prefix:
// redis://[USER[:PASSWORD]@]HOST[:6379][/DATABASE][?tls=true&ca=FILE&prefix=oficio:], rediss://
// for TLS in any case.
//
// Waits for Redis for at most 5 s. Throws config::wrong_setting if the address makes no sense or
// the server refuses us: its certificate, our password, the database. A server that cannot be
// reached is told in the log and tried again, as one that is lost later: no process may depend on
// its cache, not even when it starts. `io` outlives it; deadlines are those of each call.
std::unique_ptr<cache::store> make_cache(const config::server_address& address,
                                         boost::asio::io_context& io, telemetry::logger log);

}  // namespace oficio::redis
