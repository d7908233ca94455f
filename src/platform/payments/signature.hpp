#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.hpp"
#include "platform/base/time.hpp"

namespace oficio::payments {

// How long after it was signed a provider's call is taken, and how far its clock may be ahead.
inline constexpr std::chrono::minutes signature_tolerance{5};

// The signature of a provider's call, as the widespread scheme has it: "t=<unix seconds>,v1=<hex>",
// HMAC-SHA256 with the shared secret over "<t>.<body>". The time is signed along, so that a call
// that somebody recorded cannot be sent again later.
std::string sign(std::string_view secret, std::string_view body, time_point now);

// Several v1 may stand in one header, while the secret is being changed. Errors: unauthorized
// `bad_signature` (none fits, or the header cannot be read), `old_signature`.
result<void> check_signature(std::string_view secret, std::string_view header,
                             std::string_view body, time_point now);

}  // namespace oficio::payments
