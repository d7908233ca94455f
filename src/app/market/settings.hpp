#pragma once

#include "platform/config/settings.hpp"

namespace oficio::app {

// Everything that can be set, with its default: the one list that `oficio config` shows.
config::settings declared_settings();

// `environment`, the last part of the telemetry's data streams' names. Throws
// config::wrong_setting where it cannot be one.
std::string telemetry_environment(const config::settings& s);

}  // namespace oficio::app
