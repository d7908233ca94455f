#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "platform/http/message.hpp"
#include "platform/realtime/limits.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::telemetry {
class metrics;
}

namespace oficio::realtime {

// The request that opened a session: who asks, and with which cookies and tokens.
struct handshake {
  http::headers headers;
  std::vector<std::pair<std::string, std::string>> query;
  std::string remote_address;
};

// Which pages of other origins may use the server.
struct cors {
  bool any_origin = false;
  std::vector<std::string> origins = {};  // "https://example.org"
  bool credentials = false;               // with cookies
};

struct engine_options {
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds upgrade_timeout{10'000};
  std::chrono::milliseconds close_timeout{5'000};  // for the client's part of an orderly end
  // Bytes of a message, and of a POST's body. The HTTP server's max_body_bytes should be a third
  // larger: bytes travel as base64 there.
  std::size_t max_payload = 1'000'000;
  std::size_t max_queued_bytes = 2'000'000;  // that wait for a slow reader; then it is closed
  std::size_t max_sessions = 20'000;         // 503 beyond
  std::size_t max_sessions_per_address = 0;  // 429 beyond; 0: no limit
  rates per_connection = {};
  realtime::cors cors = {};
  // Decides whether a session may begin (403 with the error's detail), before there is one.
  std::function<awaitable<result<void>>(const handshake&)> authorise = {};
  telemetry::metrics* metrics = nullptr;  // outlives the server
};

}  // namespace oficio::realtime
