#pragma once

#include <memory>

#include "platform/http/router.hpp"
#include "services/reviews/service.hpp"

namespace oficio::reviews {

void add_routes(http::router& to, std::shared_ptr<service> reviews);

}  // namespace oficio::reviews
