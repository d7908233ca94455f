#pragma once

#include "platform/http/router.hpp"
#include "platform/mail/mime.hpp"

namespace oficio::notifications {

// GET /dev/mail?to=: what the local outbox holds, newest first; a page for people, JSON with
// `Accept: application/json`. GET /dev/mail/{id}: one of them as it would travel. The gateway lets
// only this machine's own people see them. `outbox` must outlive the routes.
void add_dev_mail(http::router& routes, mail::local_outbox& outbox, mail::sender from);

}  // namespace oficio::notifications
