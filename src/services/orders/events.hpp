#pragma once

#include <vector>

#include "platform/hosting/service.hpp"
#include "services/orders/service.hpp"

namespace oficio::orders {

// What orders listens to: gigs (their terms) and published reviews (marks in the order).
// `gigs` and `orders` must outlive the subscriptions.
std::vector<hosting::subscription> subscriptions(terms_store& gigs, service& orders);

}  // namespace oficio::orders
