#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "drivers/embedded/sqlite/connection.hpp"
#include "platform/documents/driver.hpp"
#include "platform/documents/names.hpp"

namespace oficio::embedded {

// A statement and what to bind to its parameters, in order.
struct bound_text {
  std::string text;
  std::vector<boost::json::value> values;
};

// Throws std::invalid_argument unless it is "name" or "name.name", of [a-z0-9_] (collections: one
// name). Names become part of SQL text; nothing else ever does.
using documents::check_name;
using documents::check_path;

// The SQL expression of a path; indexes and queries must agree on its every character.
std::string expression_of(std::string_view path);

// `columns` of the documents of `table` that are there and meet `where`.
bound_text matching(std::string_view columns, std::string_view table,
                    const std::vector<documents::condition>& where);

// A query as one or two selects whose results follow each other: the second holds the documents
// whose first sort value is null, which come last when it descends, so that the first can seek its
// place in the index instead of walking to it. The last parameter of each is the limit, not yet in
// `values`.
std::vector<bound_text> selects(std::string_view columns, std::string_view table,
                                const documents::query& q);

void bind(statement& s, int parameter, const boost::json::value& v);
void bind_all(statement& s, const bound_text& from);

}  // namespace oficio::embedded
