#pragma once

#include <string>

#include "platform/telemetry/record.hpp"
#include "services/gateway/intake/documents.hpp"

namespace oficio::gateway::intake {

// A document as those keep it who store telemetry, in the stream of that environment ("dev").
telemetry::record record_of(document from, const std::string& environment);

}  // namespace oficio::gateway::intake
