#pragma once

#include <string>

#include "platform/hosting/service.hpp"
#include "platform/mail/transport.hpp"

namespace oficio::notifications {

struct parts {
  mail::transport& mail;
  mail::local_outbox* outbox =
      nullptr;             // where `mail` keeps everything here: then /dev/mail shows it
  std::string public_url;  // "http://localhost:4000", for links in mails
};

// Listens to events, sends e-mail, and offers gateways what concerns people at /internal/stream.
// Keeps no database.
hosting::service make(const hosting::environment& env, parts p);

}  // namespace oficio::notifications
