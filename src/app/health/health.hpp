#pragma once

#include <string>

namespace oficio::app {

// Asks the process at `url` (http or https, without a path) whether it can do its work: GET
// /readyz, 5 seconds at most. Says in one line what it found; 0 if ready, else 1. For a container's
// health check, where there is no other client.
int ask_health(const std::string& url, const std::string& ca_file);

}  // namespace oficio::app
