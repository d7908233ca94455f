#pragma once

#include "services/gateway/sessions.hpp"
#include "services/gateway/table.hpp"

namespace oficio::gateway {

// True for methods that change something, which a foreign page must not be able to trigger.
bool is_changing(http::method m);

// What the readable cookie holds: a proof of the session, which a foreign page can neither read nor
// make, nor bring from a session of its own.
std::string csrf_token(const security::identity_tokens& proofs, std::string_view session_id);

// Error: forbidden `csrf` unless X-CSRF-Token repeats the readable cookie, and it is the session's.
result<void> check_csrf(const security::identity_tokens& proofs, const http::request& r,
                        std::string_view session_id);

// Puts what the browser keeps in cookies into the body of a sign-in or refresh, where the body
// lacks it. True if the refresh cookie was used: then X-CSRF-Token must repeat the readable cookie
// (whose session it is only auth knows). `from` is the client's request, `to` what auth will get.
result<bool> add_from_cookies(treatment how, const http::request& from, http::request& to);

// After auth answered: tokens become cookies, and go with the session.
void keep_cookies(treatment how, const security::identity_tokens& proofs, bool refreshed_by_cookie,
                  bool secure, http::response& answer);

// After auth answered: remembers the sessions that have ended by it.
void note_ended(treatment how, const http::request& asked, const http::response& answer,
                sessions& known);

// True if auth has just ended a session without telling which: a refresh token was used twice.
bool ended_unnamed(treatment how, const http::response& answer);

}  // namespace oficio::gateway
