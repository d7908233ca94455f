#pragma once

#include <memory>
#include <string>

#include "platform/base/clock.hpp"
#include "platform/payments/provider.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::payments {

// A payment provider for trying things out, in an SQLite file of its own. It plays somebody else's
// server: it remembers every attempt over restarts, and never any card number. The cards that it
// knows are 4242424242424242 (succeeds), 4000000000000002 (`card_declined`) and 4000000000003220
// (needs a confirmation). Whoever plays its webhook signs with `webhook_key`
// (platform/payments/signature.hpp) in the header Sandbox-Signature, and says {type, attempt_id,
// decline_code?}, type being charge.succeeded, charge.declined or refund.succeeded. `pool` and
// `clock` must outlive it. Throws embedded::sqlite_error if the
// file cannot be used.
std::unique_ptr<provider> make_sandbox(std::string path, std::string webhook_key,
                                       runtime::blocking_pool& pool, const wall_clock& clock);

}  // namespace oficio::payments
