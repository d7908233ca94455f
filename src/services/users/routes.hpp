#pragma once

#include <string>

#include "platform/http/router.hpp"
#include "services/users/service.hpp"

namespace oficio::users {

// The references must outlive the router.
void add_routes(http::router& to, people& use_cases, favorite_store& favorites,
                const unsubscribe_tokens& tokens, std::string cursor_key);

}  // namespace oficio::users
