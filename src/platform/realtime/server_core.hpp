#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "platform/realtime/deadlines.hpp"
#include "platform/realtime/figures.hpp"
#include "platform/realtime/server.hpp"

namespace oficio::realtime {

// What the connections of a server share; lives until the last of them has ended.
class server_core {
 public:
  server_core(boost::asio::io_context& io, server_options o, telemetry::logger l)
      : options(std::move(o)), log(std::move(l)), connects(io, options.connect_timeout) {}

  space* find(std::string_view name) const {
    auto found = spaces.find(name);
    return found == spaces.end() ? nullptr : found->second.get();
  }

  const server_options options;
  const telemetry::logger log;
  deadlines connects;  // until one must be in a namespace
  std::map<std::string, std::unique_ptr<space>, std::less<>> spaces;  // as at the start
  by_name<shared_allowance> accounts;
  std::atomic<std::size_t> running{0};  // handlers
};

}  // namespace oficio::realtime
