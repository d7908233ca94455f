#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

#include "platform/base/time.hpp"

namespace oficio::gateway {

// Ids that came lately: each is remembered for `lifetime`. At most `max_ids`, then the oldest go.
// Thread-safe.
class recent_ids {
 public:
  recent_ids(std::chrono::milliseconds lifetime, std::size_t max_ids)
      : lifetime_(lifetime), max_ids_(max_ids) {}

  // False if it was there already. One that comes again stays where it is.
  bool add(const std::string& id, time_point now);
  bool contains(const std::string& id) const;

 private:
  struct entry {
    std::string id;
    time_point until;
  };

  const std::chrono::milliseconds lifetime_;
  const std::size_t max_ids_;
  mutable std::mutex guard_;
  std::unordered_map<std::string, time_point> until_;  // under guard_
  std::deque<entry> order_;                            // under guard_, oldest first
};

// Sessions that have ended while access tokens of theirs may still be good, for as long as such a
// token lives.
class ended_sessions : public recent_ids {
 public:
  static constexpr std::chrono::minutes lifetime{15};

  explicit ended_sessions(std::size_t max_ids = 200'000) : recent_ids(lifetime, max_ids) {}
};

}  // namespace oficio::gateway
