#pragma once

#include <cstddef>

#include "platform/config/settings.hpp"

namespace oficio::app {

struct seed_options {
  bool if_empty = false;  // be content with a market that has people already
  std::size_t gigs = 2'100;
};

// Fills an empty market with sample people, gigs, conversations, orders and reviews of the past two
// years, while nobody serves it; gives the exit status. Everything goes through the services' own
// routes, with a clock that begins in the past. The same every time, but for ids.
//
// It is made beside the data folder's files and put in their place at the end, so a run that is
// interrupted leaves nothing and can simply be started again.
// Throws config::wrong_setting before anything was begun.
int seed(const config::settings& settings, const seed_options& options);

}  // namespace oficio::app
