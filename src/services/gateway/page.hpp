#pragma once

#include "platform/http/router.hpp"

namespace oficio::gateway {

// The gigs' search page at "/" and its files, built into the program.
void add_page(http::router& routes);

}  // namespace oficio::gateway
