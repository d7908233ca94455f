#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "platform/runtime/awaitable.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::runtime {

// The order in which a process takes itself down. Within a stage, in reverse order of registration.
enum class stop_stage {
  drain,            // readiness says 503; still serving while balancers notice
  stop_accepting,   // close listeners
  finish_requests,  // wait for requests in flight
  stop_consumers,   // no more events in, no more timers
  flush,            // outbox, telemetry
  close             // pools, connections, files
};

struct options {
  std::size_t io_threads = 0;        // 0: one per core
  std::size_t blocking_threads = 4;  // database calls
  std::size_t hashing_threads = 0;   // password hashes; 0: one per core
  std::chrono::milliseconds drain_delay{0};
  std::chrono::milliseconds stop_patience{10'000};  // for all stages together
};

// The threads of one process and its orderly end. Constructed first, destroyed last.
class application {
 public:
  explicit application(options opts);
  ~application();

  boost::asio::io_context& io();
  blocking_pool& blocking();
  blocking_pool& hashing();

  // `step` must end by itself within the patience that it is given.
  void on_stop(stop_stage stage, std::string name,
               std::function<awaitable<void>(std::chrono::milliseconds patience)> step);

  // Runs the io threads and `start`; returns after SIGINT, SIGTERM or request_stop() and the whole
  // stop order, with the process's exit status: 0, or 1 if `start` threw (its message goes to
  // standard error). A second signal skips the waiting.
  int run(std::function<awaitable<void>()> start);

  void request_stop();
  bool stopping() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace oficio::runtime
