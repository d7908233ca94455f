#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/base/time.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::mail {

struct message {
  std::string id;  // deterministic: also the Message-ID, so that a repeated mail is known as one
  std::string to;
  std::string subject;
  std::string text;
  std::string html;
  std::string language = "en";
  // Where a POST ends mails of this kind (RFC 8058); empty: they cannot be ended.
  std::string unsubscribe_url = {};
};

// Returns when the message is safely handed over. Errors: unavailable `mail_unavailable` (try
// again), invalid `mail_refused` (this one will never go), timeout.
class transport {
 public:
  virtual ~transport() = default;
  virtual awaitable<result<void>> send(const context& ctx, message m) = 0;

  // Would it take mail now? Same errors.
  virtual awaitable<result<void>> ping(const context& ctx) = 0;
};

struct sent_message {
  message mail;
  time_point at;
};

// Where mail goes on a machine without a mail server: kept, so that a page can show it.
class local_outbox : public transport {
 public:
  // Newest first. `to` empty: everybody's.
  virtual awaitable<result<std::vector<sent_message>>> list(const context& ctx, std::string to,
                                                            std::size_t limit) = 0;
  // Nothing if there is none of that id.
  virtual awaitable<result<std::optional<sent_message>>> get(const context& ctx,
                                                             std::string id) = 0;
};

}  // namespace oficio::mail
