#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/embedded/search/layout.hpp"
#include "drivers/embedded/sqlite/connection.hpp"
#include "platform/base/result.hpp"
#include "platform/json/json.hpp"

namespace oficio::embedded {

// Makes the file's tables. When they were written for other fields, each document may be put once
// more with the version that it has. Throws sqlite_error.
void prepare_storage(const std::string& path, const layout& fields);

// Writes one document unless the stored one is as new. Errors: internal `bad_search_value` for
// values that do not fit the schema.
result<void> put_document(connection& c, const layout& fields, const search::versioned& v);

// Has it no document at all, or some that were put for other fields?
bool wants_all_documents(connection& c);

// Forgets the oldest tombstones: an older version of such a document would be taken as new.
void purge_tombstones(connection& c);

// Change sequences: of the newest change, and of the newest tombstone that was purged.
std::int64_t last_change(connection& c);
std::int64_t last_purged(connection& c);

std::optional<search::hit> get_document(connection& c, const std::string& id);

// The key in the file of a document that is there.
std::optional<std::int64_t> key_of(connection& c, const std::string& id);

// The body of a document by its key in the file, unless it has gone meanwhile.
std::optional<search::hit> body_of(connection& c, std::int64_t document);
// Its texts, {field: [texts]}; empty if it has gone.
json::object texts_of(connection& c, std::int64_t document);

}  // namespace oficio::embedded
