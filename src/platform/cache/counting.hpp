#pragma once

#include <memory>

#include "platform/cache/cache.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::cache {

// The same cache; what is looked for in it is counted as oficio_cache_reads_total by `result`: hit,
// miss, or failed (it was away, or too slow). `to` outlives it.
std::unique_ptr<store> count(std::unique_ptr<store> of, telemetry::metrics& to);

}  // namespace oficio::cache
