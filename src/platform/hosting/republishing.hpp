#pragma once

#include "platform/hosting/service.hpp"

namespace oficio::hosting {

// Adds POST /internal/republish?after=&limit=, for the gateway alone: publishes the next page of
// the service's facts again, marked `republished`, and answers {sent, next}; `next` is what to give
// as `after` for the page behind it, null at the end. Nothing if the service has none.
void add_republishing(service& s, events::bus& bus, const wall_clock& clock);

}  // namespace oficio::hosting
