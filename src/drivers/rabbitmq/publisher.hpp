#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "drivers/rabbitmq/link.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::rabbitmq {

struct outgoing {
  std::string exchange;
  std::string key;
  // A queue must be there for it: for what goes to one queue. An event for the exchange that no
  // queue wants is no failure.
  bool mandatory = false;
  message what;
};

// Publishes with confirms, many in flight. Keeps nothing over a lost connection: whoever published
// is told, and publishes again.
class publisher final : public link {
 public:
  publisher(const access& to, std::string name, telemetry::logger log);

  // All of a call to the exchange, or all to queues. Returns once the server has them all. Errors:
  // unavailable `events_unavailable`, also when some of them may have been taken; timeout
  // `deadline_exceeded`, likewise, unless it had passed before.
  awaitable<result<void>> publish(context ctx, std::vector<outgoing> what);

  // Is `name`, an exclusive queue of this connection, ours? Errors as above.
  // `poked` is called on the link's thread.
  awaitable<result<bool>> lead(context ctx, std::string name, std::function<void()> poked);
  // Sends a word to whoever has that queue; without a confirm.
  void poke(const std::string& name);

 private:
  struct job;
  struct claim;
  struct in_flight {
    std::shared_ptr<job> of;
    steady_time since;
    bool unwanted = false;  // it came back
  };
  // A channel with its own count of what was sent. Events for the exchange and what goes to one
  // queue have one each, so that a queue that hangs holds up only the latter.
  struct lane {
    amqp_channel_t channel = 0;
    std::uint64_t last_tag = 0;
    std::map<std::uint64_t, in_flight> unconfirmed;
  };

  void on_up(connection& c) override;
  void on_wake(connection& c) override;
  void on_event(connection& c, happening what) override;
  void on_down(const std::string& why) override;
  void on_end(connection& c) override;

  std::optional<error> add(const std::shared_ptr<job>& j);
  std::shared_ptr<job> next();
  void send_some(connection& c);
  void send(connection& c, const std::shared_ptr<job>& j);
  static void settle(in_flight& one, bool kept);
  static void open_lane(connection& c, lane& l);
  static void fail(lane& l, const std::string& why);
  void check(connection& c, lane& l);
  lane* on_channel(amqp_channel_t channel);
  void claim_all(connection& c);
  bool take(connection& c, claim& wanted);
  void send_pokes(connection& c);
  void on_poke(const std::string& name);

  // The thread's own.
  lane to_exchange_{1, 0, {}};
  lane to_queues_{2, 0, {}};

  std::mutex waiting_guard_;
  std::deque<std::shared_ptr<job>> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::vector<std::shared_ptr<claim>> claims_;
  std::map<std::string, std::function<void()>> ours_;  // what a poke calls, by name
  std::set<std::string> pokes_;
  bool open_ = false;
  std::string why_not_ = "it was never reached";
};

}  // namespace oficio::rabbitmq
