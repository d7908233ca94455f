#pragma once

// Included by Beast's own users only: see connection.cpp.

#include <optional>
#include <string_view>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "platform/http/exchange.hpp"
#include "platform/http/server.hpp"

namespace oficio::http::detail {

using raw_request = boost::beast::http::request<boost::beast::http::string_body>;

// Line and header of `from` into `x`; an answer (400, 414) if they cannot be taken.
std::optional<response> read_head(const raw_request& from, const server_options& limits,
                                  exchange& x);

// The answer to a message that the parser refuses (400, 413, 414, 431); none if the connection is
// lost. A header that is too large before its first line was read is a target that is too long.
std::optional<response> refusal_of(boost::system::error_code failure, bool line_was_read,
                                   const server_options& limits, const context& ctx);

bool expects_continue(const raw_request& r);

}  // namespace oficio::http::detail
