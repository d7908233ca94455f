#pragma once

#include <string>

#include "platform/base/clock.hpp"
#include "platform/events/envelope.hpp"
#include "platform/mail/transport.hpp"
#include "platform/runtime/awaitable.hpp"
#include "platform/telemetry/log.hpp"
#include "services/notifications/letter.hpp"

namespace oficio::notifications {

// Turns events into mail. Handling an event twice makes the same message id, so that a transport,
// or the reader's mail program, knows it for the same mail.
class mailer {
 public:
  struct options {
    std::string public_url;  // where people reach the market: "http://localhost:4000"
    std::string seal_key;
  };

  mailer(mail::transport& transport, const wall_clock& clock, telemetry::logger log, options o)
      : transport_(transport), clock_(clock), log_(std::move(log)), options_(std::move(o)) {}

  awaitable<result<void>> on_verification(const events::envelope& e, const context& ctx);
  awaitable<result<void>> on_challenge(const events::envelope& e, const context& ctx);
  awaitable<result<void>> on_reset(const events::envelope& e, const context& ctx);
  awaitable<result<void>> on_password_changed(const events::envelope& e, const context& ctx);
  awaitable<result<void>> on_notice(const events::envelope& e, const context& ctx);

 private:
  bool is_outdated(const events::envelope& e) const;
  // A sealed secret of the event, in the clear. Errors: internal `unreadable_secret`.
  result<std::string> open(const events::envelope& e, const char* name) const;
  awaitable<result<void>> send(const context& ctx, const events::envelope& e, const letter& l);

  mail::transport& transport_;
  const wall_clock& clock_;
  telemetry::logger log_;
  options options_;
};

}  // namespace oficio::notifications
