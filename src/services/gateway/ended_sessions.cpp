#include "services/gateway/ended_sessions.hpp"

namespace oficio::gateway {

void ended_sessions::add(const std::string& session_id, time_point now) {
  if (session_id.empty()) return;
  std::lock_guard lock(guard_);
  // A session that is told again stays where it is: it ended when it was first told.
  if (until_.try_emplace(session_id, now + lifetime).second) {
    order_.push_back({session_id, now + lifetime});
  }
  while (!order_.empty() && (order_.front().until <= now || order_.size() > max_ids_)) {
    until_.erase(order_.front().id);
    order_.pop_front();
  }
}

bool ended_sessions::contains(const std::string& session_id) const {
  std::lock_guard lock(guard_);
  return until_.contains(session_id);
}

}  // namespace oficio::gateway
