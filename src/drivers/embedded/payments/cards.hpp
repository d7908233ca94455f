#pragma once

#include <string>

#include "platform/base/result.hpp"
#include "platform/base/time.hpp"
#include "platform/payments/provider.hpp"

namespace oficio::payments {

// What the sandbox does with a card that is written correctly.
struct card_decision {
  payments::outcome outcome = outcome::declined;
  std::string decline_code;  // of a declined one
};

// Checks a card as a real provider's form does (digits, check digit, expiry, cvc), then looks up
// what the sandbox does with it. Spaces and dashes in the number are fine. Errors: invalid
// `invalid_card`, with pointers below /method; also for numbers that are not of the sandbox, so
// that nobody takes it for a shop that charges real cards.
result<card_decision> decide(const card& with, time_point now);

}  // namespace oficio::payments
