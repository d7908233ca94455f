#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "drivers/redis/endpoint.hpp"
#include "drivers/redis/protocol.hpp"
#include "platform/base/context.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::redis {

// One connection to Redis. Everything is called on the strand that it was made with; one coroutine
// may read while another writes.
class connection {
 public:
  virtual ~connection() = default;

  // Connects, proves who we are and chooses the database, all before `deadline`. Errors:
  // unavailable `cache_unavailable`; unauthorized `cache_refused` (it is there, but not for us).
  virtual awaitable<result<void>> open(steady_time deadline) = 0;

  virtual awaitable<result<void>> write(const std::string& bytes) = 0;
  // At least one reply. Errors: unavailable `cache_unavailable`.
  virtual awaitable<result<std::vector<reply>>> read() = 0;

  // Whatever waits ends with an error.
  virtual void close() = 0;
  virtual bool is_open() const = 0;  // true until close(), also before open()
};

std::shared_ptr<connection> make_connection(boost::asio::any_io_executor strand, endpoint to);

error away(const std::string& why);
// What a failed command means for the cache as a whole.
error refused_command(const std::string& answer);

}  // namespace oficio::redis
