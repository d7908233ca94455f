#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/realtime/deadlines.hpp"
#include "platform/realtime/engine_options.hpp"
#include "platform/realtime/figures.hpp"
#include "platform/realtime/session.hpp"

namespace oficio::realtime {

// What the sessions of a server share; lives until the last of them has ended. Thread-safe.
class engine_core {
 public:
  using user_maker = std::function<std::shared_ptr<session_user>(const std::shared_ptr<session>&)>;

  engine_core(boost::asio::io_context& io, engine_options o, user_maker u);

  // A place for one more; nothing if `address` has all that it may have. It is free again when the
  // pointer is gone.
  std::shared_ptr<void> place_for(const std::string& address);
  void add(const std::shared_ptr<session>& s);
  void remove(const std::string& id);
  std::shared_ptr<session> find(const std::string& id) const;
  std::vector<std::shared_ptr<session>> all() const;
  std::size_t size() const;
  void stop_deadlines();

  boost::asio::io_context& io;
  const engine_options options;
  const user_maker make_user;
  realtime::figures figures;
  deadlines pings;     // until the next
  deadlines pongs;     // until one must have come
  deadlines upgrades;  // until a probe must be through
  deadlines closings;  // until a peer must have closed
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> open{0};   // sessions, those that are beginning too
  std::atomic<std::size_t> lines{0};  // WebSockets

 private:
  mutable std::mutex guard_;
  std::unordered_map<std::string, std::shared_ptr<session>> sessions_;  // under guard_
  by_name<std::atomic<std::size_t>> addresses_;
};

}  // namespace oficio::realtime
