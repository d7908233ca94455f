#pragma once

#include <memory>
#include <vector>

#include "platform/telemetry/documents.hpp"
#include "platform/telemetry/intake.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::telemetry {

// Makes a log document of each line, for an intake. Never waits; `to` must outlive it.
std::shared_ptr<sink> make_record_sink(intake& to, origin from, level lowest);

// Writes to all of them.
std::shared_ptr<sink> make_tee(std::vector<std::shared_ptr<sink>> all);

}  // namespace oficio::telemetry
