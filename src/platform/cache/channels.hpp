#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/cache/cache.hpp"

namespace oficio::cache {

// Who listens to which channel in this process: what every driver's subscribe() keeps. Thread-safe.
class channels {
 public:
  // `changed` is told a channel when it gets its first listener and when it loses its last, on the
  // thread that caused it; what holds then is what is_heard() says.
  explicit channels(std::function<void(const std::string& channel)> changed = {});

  // Goes on working, unheard, if it outlives these channels.
  std::unique_ptr<subscription> add(std::string channel, listener hear);

  // Calls each listener of the channel.
  void deliver(const std::string& channel, const std::string& message) const;

  bool is_heard(const std::string& channel) const;
  std::vector<std::string> heard() const;  // all channels with listeners

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace oficio::cache
