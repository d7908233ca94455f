#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

// What a provider tells by itself, of a call that was signed by it. Neither an outcome nor a
// refund: something that we have no use for.
struct notice {
  std::string attempt_id;
  std::optional<payments::charge> charge;  // the attempt's outcome
  bool refunded = false;
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

  // The header field that carries the signature of the provider's own calls.
  virtual std::string_view signature_header() const = 0;
  // Reads such a call. It may come twice, late and out of order. Errors: unauthorized
  // `bad_signature`, `old_signature`; bad_request `malformed_json`, `malformed_notice`.
  virtual result<notice> read_notice(std::string_view signature, std::string_view body) const = 0;
};

}  // namespace oficio::payments
