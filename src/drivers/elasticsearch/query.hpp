#pragma once

#include <string>
#include <vector>

#include "drivers/elasticsearch/clauses.hpp"
#include "drivers/elasticsearch/position.hpp"

namespace oficio::elasticsearch {

// The words of a query, as they are understood.
struct understood {
  std::vector<meaning> meanings;
  std::size_t least = 0;  // a document must have so many of them
};

// The request for the server. `words` is null without a text. Errors: bad_request `bad_cursor`.
result<json::object> search_request(const layout& fields, const search::query& q,
                                    const understood* words);

// What the server answered to that. Errors: timeout, search_unavailable.
result<search::page> read_page(const layout& fields, const search::query& q,
                               const json::value& said);

// A hit of the server's, without its position.
search::hit read_hit(const json::value& found);

// Did the server see all that it was asked to? Errors: timeout, search_unavailable.
result<void> check_whole(const json::value& said);

}  // namespace oficio::elasticsearch
