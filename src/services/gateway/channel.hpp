#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "platform/cache/cache.hpp"
#include "platform/runtime/notifier.hpp"

namespace oficio::gateway {

// What gateways tell each other over the cache, and this one too hears what it says. What does not
// get through (the cache is away, more than `most_untold` wait) is lost: it may only make things
// sooner. Thread-safe.
class channel {
 public:
  static constexpr std::size_t most_untold = 1'000;

  // `hear` is called as cache::listener says. `over` outlives it.
  channel(cache::store& over, std::string name, cache::listener hear);

  void tell(std::string message);

  // Does the telling; runs until cancelled.
  awaitable<void> run();
  // The same of one message, at once.
  awaitable<void> tell_now(std::string message);

 private:
  std::string next();

  cache::store& over_;
  const std::string name_;
  std::mutex guard_;
  std::deque<std::string> untold_;  // under guard_
  runtime::notifier woken_;
  std::unique_ptr<cache::subscription> held_;
};

}  // namespace oficio::gateway
