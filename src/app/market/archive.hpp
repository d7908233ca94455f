#pragma once

#include <memory>

#include "app/market/plan.hpp"
#include "platform/archive/archive.hpp"
#include "platform/config/settings.hpp"
#include "platform/runtime/application.hpp"

namespace oficio::app {

// Reads what the setting `telemetry` has kept; null if it is off. `app` outlives it. Throws
// config::wrong_setting.
std::unique_ptr<archive::reader> open_archive(const config::settings& s, const plan& p,
                                              runtime::application& app);

}  // namespace oficio::app
