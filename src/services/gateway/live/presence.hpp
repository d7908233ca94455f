#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/cache/cache.hpp"
#include "platform/realtime/space.hpp"
#include "platform/runtime/notifier.hpp"
#include "services/gateway/channel.hpp"
#include "services/gateway/live/presence_table.hpp"

namespace oficio::gateway {

inline constexpr std::size_t most_watched = 100;  // accounts, by one socket

// Who is there: whoever has at least one device at any gateway. Gateways tell each other whom they
// have over the cache's channels; while that is away each knows its own. When somebody was last
// there is kept in the cache for 30 days. Thread-safe.
class presence {
 public:
  // `over`: what the gateways share; null: there is no other. All outlive it.
  presence(const wall_clock& clock, realtime::space& people, cache::store* over,
           presence_options o);

  // A device of theirs.
  void came(const std::string& account);
  void went(const std::string& account);

  // The socket is told of these from now on (`presence`), and of no others.
  awaitable<std::vector<shown_presence>> watch(realtime::socket_ptr who,
                                               std::vector<std::string> accounts);

  // Tells who came and who stays away; run until cancelled.
  awaitable<void> run();
  awaitable<void> run_channel();
  // This gateway has nobody any more.
  awaitable<void> leave();

  std::size_t here() const;  // accounts at this gateway

 private:
  static presence_table::moment now(const wall_clock& clock);
  void hear(const std::string& message);
  awaitable<void> keep_times(std::vector<shown_presence> changes);
  awaitable<void> add_times(std::vector<shown_presence>& to);

  const wall_clock& clock_;
  realtime::space& people_;
  cache::store* over_;
  const std::string name_;  // of this gateway
  runtime::notifier woken_;
  mutable std::mutex guard_;
  presence_table table_;              // under guard_
  std::unique_ptr<channel> channel_;  // null: there is no other gateway
};

}  // namespace oficio::gateway
