#pragma once

#include "platform/config/settings.hpp"

namespace oficio::app {

// Builds the search index of gigs anew from their database; the market may be running. The exit
// status. Throws what making the parts throws, and std::runtime_error with the reason if it cannot
// be done.
int reindex_gigs(const config::settings& s);

}  // namespace oficio::app
