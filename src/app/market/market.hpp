#pragma once

#include <string>

#include "platform/config/settings.hpp"

namespace oficio::app {

// Runs the whole marketplace in this process ("all"), or one of its services, until it is told to
// stop; gives the exit status. Throws config::wrong_setting before anything was started.
int serve(const config::settings& settings, const std::string& what);

}  // namespace oficio::app
