#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "drivers/redis/endpoint.hpp"
#include "platform/cache/channels.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::redis {

// Hears what is published, over a connection of its own that is there only while somebody listens.
// When it is lost it comes back by itself and listens to the same again. Thread-safe.
class hearing {
 public:
  // `io` outlives it.
  hearing(boost::asio::io_context& io, endpoint to, telemetry::logger log);
  ~hearing();
  hearing(const hearing&) = delete;
  hearing& operator=(const hearing&) = delete;

  std::unique_ptr<cache::subscription> add(std::string channel, cache::listener hear);

 private:
  class core;
  std::shared_ptr<core> core_;
};

}  // namespace oficio::redis
