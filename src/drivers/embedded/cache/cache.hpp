#pragma once

#include <cstddef>
#include <memory>

#include "platform/cache/cache.hpp"

namespace oficio::embedded {

// The cache of one process, in its memory. Bounded: past `max_bytes` (keys, values and what it
// takes to keep them) what was used least recently goes first, and a value that would fill more
// than its share is not kept at all. Never waits, so deadlines cannot pass.
std::unique_ptr<cache::store> make_memory_cache(std::size_t max_bytes = 32u << 20);

}  // namespace oficio::embedded
