#pragma once

#include <cstdint>
#include <optional>

#include "platform/http/message.hpp"
#include "platform/security/cursor.hpp"
#include "services/users/seller.hpp"
#include "services/users/store/lists.hpp"

namespace oficio::users {

// The revision of If-Match: "3" with or without quotes; nothing if it is absent or *.
// Errors: bad_request `bad_if_match`.
result<std::optional<std::int64_t>> read_if_match(const http::request& r);

// Idempotency-Key and what makes the request the same one; an empty key if there is none.
// Errors: bad_request `bad_idempotency_key`.
result<creation> read_creation(const http::request& r);

// `limit` and `cursor`. `list` and the acting account say whose cursors are good here. One more
// than the limit is asked for, so that the last page is known to be the last. Errors: invalid
// `validation_failed`, bad_request `bad_cursor`.
result<stretch> read_stretch(const http::request& r, const security::cursor_signer& cursors,
                             const std::string& list);

// The cursor that goes on behind `last`.
std::string cursor_behind(const documents::query::position& last, const http::request& r,
                          const security::cursor_signer& cursors, const std::string& list);

}  // namespace oficio::users
