#pragma once

#include <memory>

#include "platform/http/message.hpp"
#include "platform/realtime/engine_core.hpp"

namespace oficio::realtime {

// Answers a request to the engine's path: a handshake, a GET or POST of long-polling, or what makes
// a WebSocket of the connection. What is refused says why as Engine.IO does: {"code", "message"}.
awaitable<result<http::response>> answer(std::shared_ptr<engine_core> core, http::request& r);

}  // namespace oficio::realtime
