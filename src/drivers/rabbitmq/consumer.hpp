#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "drivers/rabbitmq/link.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::rabbitmq {

// A queue that this process listens to, as the consuming thread knows it.
//
// Deliveries are numbered on through all connections; those up to `stale` came over one that is
// gone, so the server hands them out again and their acknowledgements mean nothing.
struct listened {
  events::queue options;
  std::string queue;  // its name at the server
  std::atomic<std::int64_t> stale{0};
  std::atomic<std::size_t> in_hand{0};  // delivered and not acknowledged

  // The consuming thread's own.
  amqp_channel_t channel = 0;
  bool open = false;
  steady_time try_at{};  // while it is not
  std::int64_t newest = 0;
  std::set<std::int64_t> unacknowledged;
};
using listened_ptr = std::shared_ptr<listened>;

// What the consumer hands on, on its own thread.
class receiver {
 public:
  virtual ~receiver() = default;
  virtual void on_delivery(const listened_ptr& q, std::int64_t number, message m) = 0;
  // All that was delivered before comes again.
  virtual void on_restart(const listened_ptr& q) = 0;
};

// Listens to all queues of the process over one connection, a channel each.
class consumer final : public link {
 public:
  consumer(const access& to, std::string name, receiver& hand_to, telemetry::logger log);

  // Declares the queue and listens to it from now on, over all reconnections. Errors: unavailable,
  // timeout; conflict `queue_differs` if it is there with other arguments.
  awaitable<result<void>> listen(context ctx, listened_ptr q);

  // Any thread. What is stale is ignored.
  void acknowledge(const listened_ptr& q, std::int64_t number);

 private:
  struct wish;

  void on_up(connection& c) override;
  void on_wake(connection& c) override;
  void on_event(connection& c, happening what) override;
  void on_down(const std::string& why) override;
  void on_end(connection& c) override;

  static bool is_there(connection& c, const listened& q);
  void establish(connection& c, listened& q);
  void establish_again(connection& c, const listened_ptr& q);
  void closed(const listened_ptr& q);
  void fulfil(connection& c);
  void acknowledge_all(connection& c);
  static void acknowledge_some(connection& c, listened& q, std::vector<std::int64_t> numbers);
  listened_ptr on_channel(amqp_channel_t channel) const;

  receiver& hand_to_;
  std::vector<listened_ptr> queues_;  // the thread's own; channels are their places, from 1

  std::mutex wishes_guard_;
  std::vector<std::shared_ptr<wish>> wishes_;
  std::vector<std::pair<listened_ptr, std::int64_t>> settled_;
  bool accepts_ = true;
};

}  // namespace oficio::rabbitmq
