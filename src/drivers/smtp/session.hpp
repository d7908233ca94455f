#pragma once

#include <memory>
#include <string>

#include "drivers/smtp/server.hpp"
#include "platform/base/context.hpp"
#include "platform/base/result.hpp"

namespace oficio::smtp {

// How a talk with the mail server ended.
struct ending {
  result<void> outcome;
  bool server_is_away = false;  // it could not be spoken to at all, or not as ourselves
};

// Talks with the mail server, over a connection that is kept for the next mail. Used by one thread
// at a time; blocks.
class session {
 public:
  // `at` outlives it.
  explicit session(const server& at);
  ~session();

  // Hands over a message (RFC 5322, CRLF). Errors: invalid `mail_refused`, unavailable
  // `mail_unavailable`, timeout `deadline_exceeded`.
  ending send(const std::string& to, const std::string& message, steady_time deadline);

  // Is it there, and does it take us?
  ending greet(steady_time deadline);

 private:
  class talk;
  std::unique_ptr<talk> talk_;
};

}  // namespace oficio::smtp
