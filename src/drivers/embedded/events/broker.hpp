#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "drivers/embedded/events/journal.hpp"
#include "drivers/embedded/sqlite/file.hpp"
#include "platform/base/clock.hpp"
#include "platform/events/bus.hpp"
#include "platform/events/ready_list.hpp"
#include "platform/runtime/notifier.hpp"
#include "platform/runtime/task_group.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::embedded {

using events::delivery;
using events::ready_list;

// Wall time that never goes back within the process and jumps forward with the wall clock: retries
// keep their pauses when the machine's clock is set back.
class forward_clock {
 public:
  explicit forward_clock(const wall_clock& clock) : clock_(clock) {}
  time_point now();

 private:
  const wall_clock& clock_;
  std::mutex guard_;
  time_point last_{};
  steady_time read_at_ = std::chrono::steady_clock::now();
};

// One queue as the process knows it. Guarded by broker::guard_, but for `wake`.
//
// A durable queue's window on the journal: every delivery up to `read_up_to` has been in memory,
// and those behind it are only in the file while `behind` holds. New events go straight to memory
// until the window is full; then the keeper reads them from the file when there is room again.
struct broker_queue {
  journal::declared_queue declared;  // id 0: not durable, only in memory
  events::queue options;
  events::handler handle;
  bool subscribed = false;

  ready_list ready;
  std::size_t active = 0;  // handlers at work

  std::int64_t read_up_to = 0;
  bool behind = true;
  std::size_t spilling = 0;  // events left to the file whose transactions are still open
  std::uint64_t spills = 0;  // events ever left to the file
  std::unordered_set<std::int64_t> retried;  // in memory or not yet settled, and due in the file
  std::optional<time_point> next_due;        // in the file, or in `resting`

  std::multimap<time_point, delivery> resting;  // between attempts, when not durable
  std::size_t dropped = 0;

  runtime::notifier wake;  // the keeper's

  bool durable() const { return declared.id != 0; }
};

using queue_ptr = std::shared_ptr<broker_queue>;

class broker : public events::bus, public std::enable_shared_from_this<broker> {
 public:
  broker(std::string path, boost::asio::any_io_executor io, runtime::blocking_pool& pool,
         const wall_clock& clock, telemetry::logger log);
  void start();  // once a shared_ptr owns it

  awaitable<result<void>> subscribe(events::queue q, events::handler h) override;
  awaitable<result<void>> publish(const context& ctx, std::vector<events::envelope> what) override;
  awaitable<result<std::vector<events::dead_letter>>> dead_letters(const context& ctx,
                                                                   std::size_t limit) override;
  awaitable<result<void>> replay(const context& ctx, std::string event_id,
                                 std::string queue_name) override;
  awaitable<result<std::vector<events::queue_status>>> status(const context& ctx) override;
  awaitable<void> stop(std::chrono::milliseconds at_most) override;

 private:
  struct publication;  // one call of publish()
  struct place;        // one of its events in one queue
  class active_slot;

  // publishing (publish.cpp)
  bool needs_journal(const publication& p);
  result<void> write(connection& c, publication& p);
  void assign(publication& p);
  void settle_publication(publication& p, bool kept);
  void put(publication& p, std::size_t index, const queue_ptr& to, bool ready);

  // handing out (dispatch.cpp)
  std::optional<delivery> next_for(broker_queue& q);
  void pump(const queue_ptr& q);
  awaitable<void> work(queue_ptr q, delivery first, active_slot slot);
  void finish(const queue_ptr& q, const delivery& d, const result<void>& outcome);
  void finish_in_memory(broker_queue& q, const delivery& d, journal::settlement s);

  // reading back and writing down (keeper.cpp)
  awaitable<void> keep(queue_ptr q);
  awaitable<result<void>> refill(queue_ptr q);
  awaitable<result<void>> collect_due(queue_ptr q);
  void collect_resting(const queue_ptr& q);
  std::chrono::milliseconds patience_of(broker_queue& q);
  std::optional<delivery> read_row(const broker_queue& q, const journal::row& r) const;
  awaitable<void> settle();
  awaitable<bool> settle_some();
  void settled(const std::vector<journal::settlement>& some);
  bool quiet();

  queue_ptr find_queue(std::string_view name);  // guard_ held
  std::size_t room_of(const broker_queue& q) const;

  file file_;
  forward_clock clock_;
  telemetry::logger log_;

  std::mutex guard_;  // all below; never held over a co_await, nor while SQLite works
  std::vector<queue_ptr> queues_;
  std::int64_t next_seq_ = 1;
  bool stopping_ = false;
  std::deque<journal::settlement> unsettled_;
  std::size_t settling_ = 0;  // taken out of unsettled_, not yet committed

  runtime::notifier settle_wake_;
  runtime::task_group tasks_;  // last: its coroutines use all the above
};

}  // namespace oficio::embedded
