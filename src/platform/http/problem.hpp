#pragma once

#include "platform/base/error.hpp"
#include "platform/http/message.hpp"

namespace oficio::http {

// The HTTP status of a kind of error: the one place where it is decided.
int status_of(errc kind);

// application/problem+json (RFC 9457): {type, title, status, detail, code, request_id, errors?},
// and Retry-After where the error says. The detail of an internal error is not shown to clients.
response problem(const error& e, const context& ctx);
// With a status that no kind of error has (408, 414, 431).
response problem(const error& e, const context& ctx, int status);

std::string_view reason_phrase(int status);

// The other way: what an upstream's problem+json answer says, as an error.
error read_problem(const response& from);

}  // namespace oficio::http
