#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "platform/cache/cache.hpp"
#include "platform/runtime/notifier.hpp"

namespace oficio::gateway {

// Tells the other gateways of sessions that ended here, sooner than they learn it from auth. What
// does not get through (the cache is away, more than 1,000 wait) they learn a little later.
// Thread-safe.
class ended_news {
 public:
  using hearing = std::function<void(const std::string& session_id)>;

  // `hear` is called for each session that ended at any gateway, this one included. `over` outlives
  // it.
  ended_news(cache::store& over, hearing hear);

  void tell(const std::string& session_id);

  // Does the telling; runs until cancelled.
  awaitable<void> run();

 private:
  std::string next();

  cache::store& over_;
  std::mutex guard_;
  std::deque<std::string> untold_;  // under guard_
  runtime::notifier woken_;
  std::unique_ptr<cache::subscription> held_;
};

}  // namespace oficio::gateway
