#pragma once

#include "platform/http/router.hpp"
#include "platform/mail/transport.hpp"

namespace oficio::notifications {

// GET /dev/mail?to=: what the local outbox holds, newest first; a page for people, JSON with
// `Accept: application/json`. The gateway lets only this machine's own people see it.
void add_dev_mail(http::router& routes, mail::local_outbox& outbox);

}  // namespace oficio::notifications
