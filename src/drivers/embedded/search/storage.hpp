#pragma once

#include <optional>
#include <string>

#include "drivers/embedded/search/layout.hpp"
#include "drivers/embedded/sqlite/connection.hpp"
#include "platform/base/result.hpp"

namespace oficio::embedded {

// Makes the file's tables, and indexes the words again when the fields have changed. Throws
// sqlite_error.
void prepare_storage(const std::string& path, const layout& fields);

// Writes one document unless the stored one is as new. Errors: internal `bad_search_value` for
// values that do not fit the schema.
result<void> put_document(connection& c, const layout& fields, const search::versioned& v);

result<std::optional<search::hit>> get_document(connection& c, const std::string& id);

// The body of a row, unless it has gone meanwhile.
std::optional<search::hit> row_body(connection& c, std::int64_t row);

}  // namespace oficio::embedded
