#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
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

  // Returns once the server has them all. Errors: unavailable `events_unavailable`, also when some
  // of them may have been taken; timeout `deadline_exceeded`, likewise, unless it had passed
  // before.
  awaitable<result<void>> publish(context ctx, std::vector<outgoing> what);

 private:
  struct job;
  struct in_flight {
    std::shared_ptr<job> of;
    bool unwanted = false;  // it came back
  };

  void on_up(connection& c) override;
  void on_wake(connection& c) override;
  void on_event(connection& c, happening what) override;
  void on_down(const std::string& why) override;
  void on_end(connection& c) override;

  std::optional<error> add(const std::shared_ptr<job>& j);
  std::shared_ptr<job> next();
  void send(connection& c, const std::shared_ptr<job>& j);
  void settle(in_flight& one, bool kept);

  // The thread's own.
  std::uint64_t last_tag_ = 0;
  std::map<std::uint64_t, in_flight> unconfirmed_;

  std::mutex waiting_guard_;
  std::deque<std::shared_ptr<job>> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool open_ = false;
  std::string why_not_ = "it was never reached";
};

}  // namespace oficio::rabbitmq
