#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "platform/http/server.hpp"
#include "platform/runtime/notifier.hpp"

namespace oficio::http::detail {

class connection;

// What a server shares with its connections; lives until the last of them has ended.
struct server_core {
  server_core(boost::asio::io_context& i, server_options o, const router& r, telemetry::logger l)
      : io(i), options(std::move(o)), routes(r), log(std::move(l)) {}

  boost::asio::io_context& io;
  const server_options options;
  const router& routes;
  const telemetry::logger log;
  std::atomic<bool> closing{false};
  std::atomic<std::size_t> in_flight{0};
  runtime::notifier slot_freed;

  std::mutex guard;
  std::unordered_map<const connection*, std::weak_ptr<connection>> open;  // under guard
};

}  // namespace oficio::http::detail
