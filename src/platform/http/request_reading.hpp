#pragma once

// Included by Beast's own users only: see connection.cpp.

#include <optional>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "platform/http/exchange.hpp"
#include "platform/http/head_scanner.hpp"
#include "platform/http/server.hpp"

namespace oficio::http::detail {

using raw_request = boost::beast::http::request<boost::beast::http::string_body>;

// Line and header of `from` into `x`; an answer (400, 405, 414, 417, 501) if they cannot be taken.
std::optional<response> read_head(const raw_request& from, const server_options& limits,
                                  exchange& x);

// The answer to bytes that are no request that we take (400, 414, 431).
response refusal_of(head_scanner::verdict why, const context& ctx);

// The answer to a message that the parser refuses (400, 408, 413); none if the connection is lost.
// `allowed`: how long its body might have been.
std::optional<response> refusal_of(boost::system::error_code failure, std::size_t allowed,
                                   const context& ctx);

// 408: the peer sends, but not fast enough.
response too_slow(const context& ctx);

// 503: more bodies are being received than there may be.
response overloaded(const context& ctx);

bool expects_continue(const raw_request& r);

}  // namespace oficio::http::detail
