#pragma once

#include <map>
#include <string>

#include "platform/runtime/application.hpp"
#include "platform/sql/database.hpp"
#include "platform/telemetry/metrics.hpp"

namespace oficio::app {

// Tells what the process and its pools count, for as long as the handle is kept; all must outlive
// it. `databases` by the service whose they are; those
// that are null are elsewhere.
telemetry::metrics::handle watch_process(telemetry::metrics& to, runtime::application& app,
                                         std::map<std::string, const sql::database*> databases);

}  // namespace oficio::app
