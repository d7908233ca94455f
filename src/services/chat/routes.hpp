#pragma once

#include <memory>

#include "platform/http/router.hpp"
#include "services/chat/service.hpp"

namespace oficio::chat {

void add_routes(http::router& to, std::shared_ptr<messenger> own);

}  // namespace oficio::chat
