#pragma once

#include <memory>
#include <string>

#include "platform/http/router.hpp"
#include "platform/security/cursor.hpp"
#include "services/orders/earnings.hpp"
#include "services/orders/service.hpp"

namespace oficio::orders {

// Adds the service's routes, all for people who are signed in. `orders` and `money` must outlive
// them.
void add_routes(http::router& to, service& orders, earnings& money, std::string currency,
                std::string cursor_key);

}  // namespace oficio::orders
