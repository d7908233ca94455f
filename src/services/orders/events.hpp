#pragma once

#include <vector>

#include "platform/hosting/service.hpp"
#include "services/orders/sellers.hpp"
#include "services/orders/service.hpp"

namespace oficio::orders {

// What orders listens to: gigs (their terms), offers, who sells, and published reviews
// (marks in the order). All must outlive the subscriptions.
std::vector<hosting::subscription> subscriptions(copies<gig_terms>& gigs,
                                                 copies<offer_terms>& offers,
                                                 copies<known_seller>& sellers, service& orders);

}  // namespace oficio::orders
