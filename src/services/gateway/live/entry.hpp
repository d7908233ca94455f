#pragma once

#include <memory>

#include "platform/realtime/space.hpp"
#include "services/gateway/answers.hpp"
#include "services/gateway/sessions.hpp"

namespace oficio::gateway {

// Whose socket it is.
struct socket_owner {
  identity who;
  time_point until;     // then its access token has ended, and it must come with a new one
  std::string address;  // where it comes from
  // Its own events', which are handled one after another.
  std::string typed_in = {};  // a conversation
  steady_time typed_at = {};
};

std::shared_ptr<socket_owner> owner_of(const realtime::socket& s);

// {type, title, status, detail, code, errors?}, as HTTP would answer.
json::value problem_of(const error& why);
// What a refused client is told: the error's detail, and the whole problem beside it.
realtime::refusal refusal_of(const error& why);

// Who may come in: whoever shows an access token, as `auth: {token}` or in the session's cookie. A
// cookie travels by itself, so then the page must be one of ours or of a listed origin.
class entry {
 public:
  // `only_https`: then a page that came without encryption is none of ours.
  entry(sessions& known, const origins& allowed, bool only_https)
      : known_(known), allowed_(allowed), only_https_(only_https) {}

  // Errors: unauthorized `not_signed_in`, and those of sessions::verify(); forbidden
  // `origin_not_allowed`.
  awaitable<result<std::shared_ptr<socket_owner>>> admit(realtime::visitor v);

 private:
  bool is_allowed(const http::headers& from) const;

  sessions& known_;
  const origins& allowed_;
  const bool only_https_;
};

}  // namespace oficio::gateway
