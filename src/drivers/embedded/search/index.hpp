#pragma once

#include <memory>
#include <string>

#include "platform/runtime/blocking_pool.hpp"
#include "platform/search/index.hpp"

namespace oficio::embedded {

// A search index in one SQLite file: words in FTS5, and the keyword and number values of all
// documents in memory too (about 200 bytes a document), kept in step with the file. Blocks while it
// opens; afterwards everything runs on `pool`, which must outlive it.
//
// When the schema's fields are others than the file was written with, the words are indexed again
// from the stored values, and each document may then be put once more with the version that it has:
// that is how a field that is new gets its values.
//
// Throws sqlite_error if the file cannot be used, std::invalid_argument for a schema that makes no
// sense (a signal on a field that is no number).
std::unique_ptr<search::index> make_index(std::string path, search::schema s,
                                          runtime::blocking_pool& pool);

}  // namespace oficio::embedded
