#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

#include "services/gateway/forwarder.hpp"
#include "services/gateway/live/entry.hpp"

namespace oficio::gateway {

// Who is at the other end of a conversation, as chat says; remembered for a while, since it never
// changes. Thread-safe.
class participants {
 public:
  static constexpr std::size_t most_known = 50'000;

  explicit participants(forwarder& by) : by_(by) {}

  // Errors: those of chat (not_found for somebody else's conversation).
  awaitable<result<std::string>> other_of(std::shared_ptr<socket_owner> asking,
                                          std::string conversation);

 private:
  std::string known(const std::string& key) const;
  void learn(const std::string& key, const std::string& other);

  forwarder& by_;
  mutable std::mutex guard_;
  std::unordered_map<std::string, std::string> known_;  // under guard_
  std::deque<std::string> order_;                       // under guard_, oldest first
};

}  // namespace oficio::gateway
