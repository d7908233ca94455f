#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "services/gateway/forwarder.hpp"
#include "services/gateway/live/entry.hpp"

namespace oficio::gateway {

// Whom people reach by a conversation, as chat says. It is remembered for as long as a block may
// take to be felt. Thread-safe.
class participants {
 public:
  static constexpr std::size_t most_known = 50'000;
  static constexpr std::chrono::seconds remembered{5};

  explicit participants(forwarder& by) : by_(by) {}

  // Errors: those of chat (not_found for somebody else's conversation; forbidden `blocked`).
  awaitable<result<std::string>> other_of(std::shared_ptr<socket_owner> asking,
                                          std::string conversation);

 private:
  using instant = std::chrono::steady_clock::time_point;
  struct entry {
    std::string other;
    instant until;
  };
  std::optional<std::string> known(const std::string& key) const;
  void learn(const std::string& key, const std::string& other);
  void drop_old_locked(instant now);

  forwarder& by_;
  mutable std::mutex guard_;
  std::unordered_map<std::string, entry> known_;  // under guard_
  std::deque<std::string> order_;                 // under guard_, oldest first
};

}  // namespace oficio::gateway
