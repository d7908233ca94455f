#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

#include "platform/base/time.hpp"

namespace oficio::gateway {

// Sessions that have ended while access tokens of theirs may still be good: each is remembered for
// as long as an access token lives. At most `max_ids`, then the oldest go. Thread-safe.
class ended_sessions {
 public:
  static constexpr std::chrono::minutes lifetime{15};

  explicit ended_sessions(std::size_t max_ids = 200'000) : max_ids_(max_ids) {}

  void add(const std::string& session_id, time_point now);
  bool contains(const std::string& session_id) const;

 private:
  struct entry {
    std::string id;
    time_point until;
  };

  const std::size_t max_ids_;
  mutable std::mutex guard_;
  std::unordered_map<std::string, time_point> until_;  // under guard_
  std::deque<entry> order_;                            // under guard_, oldest first
};

}  // namespace oficio::gateway
