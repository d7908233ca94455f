#pragma once

#include <memory>

#include "platform/telemetry/log.hpp"

namespace oficio::telemetry {

// What make_console_sink() writes, on standard output.
std::shared_ptr<sink> make_output_sink(format f, level lowest);

}  // namespace oficio::telemetry
