#pragma once

#include <cstdint>
#include <optional>

#include "platform/http/exchange.hpp"

namespace oficio::http::detail {

// How long a body of this request may be.
std::size_t allowed_body(const server_options& o, const request& r);

// Takes room for a body of `size` bytes (none: its length is not told) before any of it is read,
// for as long as the exchange lives; waits for it a while. The answer (413, 503) if there is none.
awaitable<std::optional<response>> admit(server_core& core, exchange& x,
                                         std::optional<std::uint64_t> size);

// Takes room for what is about to be sent, which becomes a 503 if there is none.
void admit(server_core& core, exchange& x, response& r);

response body_too_large(std::size_t allowed, const context& ctx);

}  // namespace oficio::http::detail
