#pragma once

#include <memory>

#include "platform/base/clock.hpp"
#include "platform/config/server_address.hpp"
#include "platform/mail/mime.hpp"
#include "platform/mail/transport.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::smtp {

// Hands mail to a mail server: smtp:// or smtps://, as read_server() reads it. A few mails at once,
// each connection kept for the next; 256 may wait. Blocks on threads of its own.
//
// Tries the server for at most 10 s. Throws config::wrong_setting, naming the setting, if the
// address makes no sense, the server cannot be reached, or it refuses us. One that is lost later is
// told in the log, once; mail then fails at once, but for one that tries, until it is back. `clock`
// outlives it.
std::unique_ptr<mail::transport> make_mail(const config::server_address& address, mail::sender from,
                                           const wall_clock& clock, telemetry::logger log);

}  // namespace oficio::smtp
