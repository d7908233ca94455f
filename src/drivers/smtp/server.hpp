#pragma once

#include <cstdint>
#include <string>

#include "platform/config/server_address.hpp"
#include "platform/mail/mime.hpp"

namespace oficio::smtp {

enum class encryption {
  none,
  if_offered,  // STARTTLS when the server has it; keeps out only who listens
  starttls,    // or no mail
  tls          // from the first byte: smtps
};

// Which mail server takes our mail, and how.
struct server {
  std::string host;
  std::uint16_t port = 0;
  std::string user;  // empty: it asks for none
  std::string password;
  encryption by = encryption::none;
  config::server_tls tls;  // whom to trust; `on` says nothing here
  mail::sender from;
  std::size_t connections = 4;  // mails on their way at once

  std::string shown() const { return host + ":" + std::to_string(port); }
};

// smtp://[USER:PASSWORD@]HOST[:587] or smtps://…[:465], with the options
//   tls=true|required|opportunistic|false (smtp: STARTTLS; with a user it is required unless this
//   says false, and else taken when it is offered), ca, certificate, key, verify,
//   from=ADDRESS (instead of `from`'s), connections=1…32.
// Throws config::wrong_setting.
server read_server(const config::server_address& address, mail::sender from);

}  // namespace oficio::smtp
