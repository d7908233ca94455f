#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "drivers/rabbitmq/bus.hpp"
#include "drivers/rabbitmq/consumer.hpp"
#include "drivers/rabbitmq/inspector.hpp"
#include "drivers/rabbitmq/publisher.hpp"
#include "platform/events/ready_list.hpp"
#include "platform/runtime/blocking_pool.hpp"
#include "platform/runtime/task_group.hpp"

namespace oficio::rabbitmq {

// A queue and its handler. Guarded by broker::guard_, but for what it inherits.
struct subscription : listened {
  events::handler handle;
  events::ready_list ready;
  std::size_t active = 0;  // handlers at work
};
using subscription_ptr = std::shared_ptr<subscription>;

class broker final : public events::bus,
                     public receiver,
                     public std::enable_shared_from_this<broker> {
 public:
  broker(access to, boost::asio::any_io_executor io, const wall_clock& clock,
         telemetry::logger log);
  ~broker() override;
  void start();  // throws config::wrong_setting

  awaitable<result<void>> subscribe(events::queue q, events::handler h) override;
  awaitable<result<void>> publish(const context& ctx, std::vector<events::envelope> what) override;
  awaitable<result<std::vector<events::dead_letter>>> dead_letters(const context& ctx,
                                                                   std::size_t limit) override;
  awaitable<result<void>> replay(const context& ctx, std::string event_id,
                                 std::string queue_name) override;
  awaitable<result<std::vector<events::queue_status>>> status(const context& ctx) override;
  awaitable<void> stop(std::chrono::milliseconds at_most) override;

 private:
  class active_slot;

  // On the consumer's thread.
  void on_delivery(const listened_ptr& q, std::int64_t number, message m) override;
  void on_restart(const listened_ptr& q) override;

  void pump(const subscription_ptr& q);
  awaitable<void> work(subscription_ptr q, events::delivery first, active_slot slot);
  awaitable<void> finish(subscription_ptr q, events::delivery d, result<void> outcome);
  awaitable<void> rest(subscription_ptr q, events::delivery d, std::chrono::milliseconds pause);
  awaitable<void> bury(subscription_ptr q, std::int64_t number, message m);
  awaitable<void> move_on(subscription_ptr q, std::int64_t number, std::string to, message m);

  std::vector<asked_queue> asked();
  bool quiet();

  const access to_;
  const wall_clock& clock_;
  telemetry::logger log_;
  std::string process_;  // makes names of passing queues this process's own

  std::mutex guard_;  // the two below; never held over a co_await
  std::vector<subscription_ptr> queues_;
  bool stopping_ = false;

  runtime::task_group tasks_;
  publisher publisher_;
  consumer consumer_;
  runtime::blocking_pool asking_;  // last: its work uses the above
};

}  // namespace oficio::rabbitmq
