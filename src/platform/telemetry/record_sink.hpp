#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/telemetry/documents.hpp"
#include "platform/telemetry/intake.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::telemetry {

// Makes a log document of each line, for an intake. Never waits; `to` must outlive it.
std::shared_ptr<sink> make_record_sink(intake& to, origin from, level lowest);

// Of a process that is one service: what its parts say ("redis") is that service's, and who says it
// is `log.logger`.
std::shared_ptr<sink> make_sink_of(std::string service, std::shared_ptr<sink> to);

// Writes to all of them.
std::shared_ptr<sink> make_tee(std::vector<std::shared_ptr<sink>> all);

}  // namespace oficio::telemetry
