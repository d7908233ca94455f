#pragma once

#include <memory>

#include "platform/http/router.hpp"
#include "services/auth/service.hpp"

namespace oficio::auth {

void add_routes(http::router& routes, std::shared_ptr<service> s);

}  // namespace oficio::auth
