#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/base/context.hpp"
#include "platform/base/money.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::payments {

// A card as people type it. Never stored, never logged.
struct card {
  std::string number;
  std::string expiry;  // "MM/YY"
  std::string cvc;
};

enum class outcome { succeeded, declined, needs_confirmation };

struct charge {
  std::string attempt_id;
  payments::outcome outcome = payments::outcome::declined;
  std::string reference;           // the provider's own id of the charge
  std::string decline_code;        // "card_declined"
  std::string confirmation_token;  // needs_confirmation: what the second step sends back
};

// Somebody who moves money. `attempt_id` is the idempotency key: the same id never charges twice
// and always tells the same outcome. Errors: unavailable `payments_unavailable`, timeout: then
// nobody knows, and lookup() tells later.
class provider {
 public:
  virtual ~provider() = default;

  virtual awaitable<result<charge>> start(const context& ctx, std::string attempt_id, money amount,
                                          card with) = 0;
  virtual awaitable<result<charge>> confirm(const context& ctx, std::string attempt_id,
                                            std::string token) = 0;
  // Nothing if the provider never heard of it: then it was never charged.
  virtual awaitable<result<std::optional<charge>>> lookup(const context& ctx,
                                                          std::string attempt_id) = 0;
  // Gives the whole amount back, once per attempt however often it is called.
  virtual awaitable<result<void>> refund(const context& ctx, std::string attempt_id) = 0;
};

}  // namespace oficio::payments
