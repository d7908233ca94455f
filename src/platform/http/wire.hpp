#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/message.hpp"

namespace oficio::http::detail {

// Appends "Name: value\r\n"; drops a field that would break the message's frame.
void append_field(std::string& to, std::string_view name, std::string_view value);

// Status line and header of an answer, with Content-Length, Date, Connection and X-Request-Id. A
// stream is sent in chunks or, not `chunked`, until the connection ends.
std::string response_head(const response& r, method asked, std::string_view request_id,
                          bool keep_alive, bool chunked);

bool may_have_body(int status, method asked);

// What Content-Length says, if it is there.
std::optional<std::uint64_t> length_in(const headers& h);

// What stands before a chunk of so many bytes.
std::string chunk_head(std::size_t size);

}  // namespace oficio::http::detail
