#pragma once

#include <string>
#include <string_view>

#include "platform/http/message.hpp"
#include "services/orders/requests.hpp"

namespace oficio::orders {

// If-Match and Idempotency-Key of a changing request. `said` is what a repeated request must say
// again (its body without secrets); the path belongs to it by itself. Errors: bad_request
// `bad_if_match`, `bad_idempotency_key`.
result<edit> read_edit(const http::request& r, std::string_view said);

}  // namespace oficio::orders
