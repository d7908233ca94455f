#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/http/message.hpp"

namespace oficio::http {

// The revision of If-Match: "3", also without quotes or as the weak W/"3" that a compressing proxy
// makes of it; nothing if it is absent or *. Errors: bad_request `bad_if_match`.
result<std::optional<std::int64_t>> read_if_match(const request& r);

// Idempotency-Key: 1 to 200 printable ASCII characters without spaces; empty if it is absent.
// Errors: bad_request `bad_idempotency_key`.
result<std::string> read_idempotency_key(const request& r);

}  // namespace oficio::http
