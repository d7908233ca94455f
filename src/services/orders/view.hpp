#pragma once

#include <boost/json/object.hpp>

#include "platform/events/envelope.hpp"
#include "services/orders/order.hpp"

namespace oficio::orders {

// The order as the contract shows it to its two people and to other services.
boost::json::object view_of(const order& o);

// The events that the order's transitions since loading raise, each with its whole state.
std::vector<events::raised> events_of(const order& o);

// What others must have heard of the order by now: that it was placed, and what it came to.
std::vector<events::raised> facts_of(const order& o);

}  // namespace oficio::orders
