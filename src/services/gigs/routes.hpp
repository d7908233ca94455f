#pragma once

#include <memory>

#include "platform/http/router.hpp"
#include "platform/security/cursor.hpp"
#include "services/gigs/service.hpp"

namespace oficio::gigs {

http::router routes(std::shared_ptr<service> s, security::cursor_signer cursors);

}  // namespace oficio::gigs
