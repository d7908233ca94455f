#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/time.hpp"

namespace oficio::orders {

enum class attempt_state {
  started,             // the provider may or may not have heard of it
  needs_confirmation,  // waits for the buyer's second step
  succeeded,
  declined,
  failed  // ended without a charge: never reached the provider, refused, or given up for another
};
BOOST_DESCRIBE_ENUM(attempt_state, started, needs_confirmation, succeeded, declined, failed)

enum class refund_state { none, due, done };
BOOST_DESCRIBE_ENUM(refund_state, none, due, done)

// One try to pay an order. Its id, "<order id>.<number>", is the provider's idempotency key. An
// order with `started` written down before the provider is asked can be put right after any crash,
// by asking again.
struct attempt {
  std::string id;
  attempt_state state = attempt_state::started;
  refund_state refund = refund_state::none;
  std::string key;  // the Idempotency-Key that it was asked with, or empty
  std::string digest;
  std::string decline_code;
  time_point started_at;
  std::optional<time_point> check_at;  // when the provider is to be asked or told again
  std::int64_t troubles = 0;           // how often that failed in a row
};
BOOST_DESCRIBE_STRUCT(attempt, (),
                      (id, state, refund, key, digest, decline_code, started_at, check_at,
                       troubles))

// The order that an attempt's id tells: a provider tells nothing but that id.
std::string order_of_attempt(const std::string& attempt_id);

}  // namespace oficio::orders
