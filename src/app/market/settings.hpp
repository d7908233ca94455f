#pragma once

#include "platform/config/settings.hpp"

namespace oficio::app {

// Everything that can be set, with its default: the one list that `oficio config` shows.
config::settings declared_settings();

}  // namespace oficio::app
