#pragma once

#include <cstddef>
#include <optional>

#include "platform/base/clock.hpp"
#include "platform/documents/driver.hpp"
#include "platform/search/index.hpp"

namespace oficio::gigs {

// Builds the search index anew from the database, beside the running service, which goes on
// reading and writing; how many gigs were put. Nothing if the index needs no rebuilding. Errors:
// conflict `rebuild_running`, `rebuild_lost`, and those of database and index; then the old index
// stays in use.
awaitable<result<std::optional<std::size_t>>> reindex(documents::database& database,
                                                      search::index& index,
                                                      const wall_clock& clock);

}  // namespace oficio::gigs
