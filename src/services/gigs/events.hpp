#pragma once

#include <memory>
#include <vector>

#include "platform/hosting/service.hpp"
#include "services/gigs/service.hpp"

namespace oficio::gigs {

// What gigs listens to: its own events, sellers, reviews and completed orders. `s` is kept alive.
std::vector<hosting::subscription> subscriptions(std::shared_ptr<service> s);

}  // namespace oficio::gigs
