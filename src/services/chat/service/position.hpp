#pragma once

#include <string>

#include "platform/documents/driver.hpp"

namespace oficio::chat {

// Where a list that is sorted by a time goes on, as cursors carry it: "2026-01-31T09:30:00.000Z
// id".
std::string to_text(const documents::query::position& p);
// Error: bad_request `bad_cursor`.
result<documents::query::position> read_position(const std::string& text);

}  // namespace oficio::chat
