#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/elasticsearch/layout.hpp"

namespace oficio::elasticsearch {

// The request for the values of a keyword field that `text` may be completed to, among documents
// that count; and which of the answer's they are, the most frequent first.
json::object completion_request(const layout& fields, const search::completion_query& q,
                                const std::string& field, std::string_view text);
std::vector<std::string> read_completions(const json::value& said, std::string_view text);

}  // namespace oficio::elasticsearch
