#pragma once

#include <string_view>

#include "platform/archive/archive.hpp"

namespace oficio::archive {

// Recorded documents as readers give them out. A document may be anything: what is not there, or is
// of another type, is empty.

std::string text_in(const json::object& document, std::string_view path);
std::int64_t number_in(const json::object& document, std::string_view path,
                       std::int64_t otherwise = -1);

log_line line_of(json::object document);
entry entry_of(json::object document);
request_line request_of(const json::object& document);
// All but how often and when.
error_group group_of(const json::object& document);

// By time; a transaction before what it caused in the same microsecond.
void put_in_order(std::vector<entry>& entries);

}  // namespace oficio::archive
