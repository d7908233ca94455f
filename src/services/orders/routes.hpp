#pragma once

#include <memory>
#include <string>

#include "platform/http/router.hpp"
#include "platform/payments/provider.hpp"
#include "platform/security/cursor.hpp"
#include "services/orders/earnings.hpp"
#include "services/orders/people.hpp"
#include "services/orders/service.hpp"

namespace oficio::orders {

// Adds the service's routes, for people who are signed in, and the payment provider's own. All
// references must outlive them.
void add_routes(http::router& to, service& orders, earnings& money, copies<known_person>& people,
                payments::provider& provider, std::string currency, std::string cursor_key);

}  // namespace oficio::orders
