#pragma once

#include <memory>
#include <string>

#include "platform/archive/archive.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::embedded {

// Reads what a telemetry_store keeps in the file at `path`, which may be made later, while it is
// being written. `pool` outlives it.
std::unique_ptr<archive::reader> make_archive(std::string path, runtime::blocking_pool& pool);

}  // namespace oficio::embedded
