#pragma once

#include <memory>
#include <string>

#include "platform/runtime/blocking_pool.hpp"
#include "platform/search/index.hpp"

namespace oficio::embedded {

// A search index in one SQLite file, with all that is searched in memory too (about 500 bytes a
// document of 150 words), read from the file at start (100,000 documents: some seconds) and kept in
// step with it. Blocks while it opens; afterwards everything runs on `pool`, which must outlive it.
//
// When the schema's fields are others than the file was written with, each document may be put once
// more with the version that it has: that is how a field that is new gets its values.
//
// Throws sqlite_error if the file cannot be used, std::invalid_argument for a schema that makes no
// sense (a signal on a field that is no number, a
// synonym without a word).
std::unique_ptr<search::index> make_index(std::string path, search::schema s,
                                          runtime::blocking_pool& pool);

}  // namespace oficio::embedded
