#include "platform/sql/deadline_watch.hpp"

namespace oficio::sql {

deadline_watch::deadline_watch() : thread_([this] { run(); }) {}

deadline_watch::~deadline_watch() {
  {
    std::lock_guard lock(guard_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void deadline_watch::run() {
  std::unique_lock lock(guard_);
  while (!stopping_) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    auto first = waiting_.begin();
    auto at = first->first;
    if (std::chrono::steady_clock::now() < at) {
      changed_.wait_until(lock, at);
      continue;
    }
    auto* late = first->second;
    waiting_.erase(first);
    late->place_ = waiting_.end();
    late->over_ = true;
    late->connection_.cut();  // never blocks
  }
}

deadline_watch::guard::guard(deadline_watch& watch, connection& c, steady_time at)
    : watch_(watch), connection_(c) {
  std::lock_guard lock(watch_.guard_);
  place_ = watch_.waiting_.emplace(at, this);
  // Others have mostly later deadlines: the thread need not hear of them.
  if (place_ == watch_.waiting_.begin()) watch_.changed_.notify_one();
}

deadline_watch::guard::~guard() {
  std::lock_guard lock(watch_.guard_);
  if (place_ != watch_.waiting_.end()) watch_.waiting_.erase(place_);
}

bool deadline_watch::guard::over() const {
  std::lock_guard lock(watch_.guard_);
  return over_;
}

}  // namespace oficio::sql
