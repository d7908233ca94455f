#pragma once

#include "platform/config/settings.hpp"

namespace oficio::app {

// Runs the whole marketplace in this process until it is told to stop; gives the exit status.
// Throws config::wrong_setting before anything was started.
int serve_all(const config::settings& settings);

}  // namespace oficio::app
