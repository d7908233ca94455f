#include "platform/sql/session_pool.hpp"

namespace oficio::sql {

session_pool::lease session_pool::take(steady_time deadline) {
  std::unique_ptr<soci::session> session;
  {
    std::unique_lock lock(guard_);
    if (!freed_.wait_until(lock, deadline, [this] { return free_ > 0; })) return {};
    --free_;
    if (!idle_.empty()) {
      session = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (session) return {*this, std::move(session)};
  try {
    return {*this, make_()};
  } catch (...) {
    give_back(nullptr);
    throw;
  }
}

std::size_t session_pool::leased() const {
  std::lock_guard lock(guard_);
  return size_ - free_;
}

void session_pool::give_back(std::unique_ptr<soci::session> s) {
  {
    std::lock_guard lock(guard_);
    ++free_;
    if (s) idle_.push_back(std::move(s));
  }
  freed_.notify_one();
}

}  // namespace oficio::sql
