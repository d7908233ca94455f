#pragma once

#include <optional>

#include "services/gateway/intake/about.hpp"

namespace oficio::gateway::intake {

// What went wrong in a browser. Nothing without an exception.
std::optional<json::object> error_document(const picker& from, const about& of);

// What a page wants to be known. Nothing without a message.
std::optional<json::object> log_document(const picker& from, const about& of);

}  // namespace oficio::gateway::intake
