#include "services/gateway/ended_sessions.hpp"

namespace oficio::gateway {

bool recent_ids::add(const std::string& id, time_point now) {
  if (id.empty()) return false;
  std::lock_guard lock(guard_);
  bool fresh = until_.try_emplace(id, now + lifetime_).second;
  if (fresh) order_.push_back({id, now + lifetime_});
  while (!order_.empty() && (order_.front().until <= now || order_.size() > max_ids_)) {
    until_.erase(order_.front().id);
    order_.pop_front();
  }
  return fresh;
}

bool recent_ids::contains(const std::string& id) const {
  std::lock_guard lock(guard_);
  return until_.contains(id);
}

}  // namespace oficio::gateway
