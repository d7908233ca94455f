#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "drivers/embedded/events/broker.hpp"

namespace oficio::embedded {

// The limits of what is in memory.
inline constexpr std::size_t window = 1'024;        // a durable queue's deliveries not handed out
inline constexpr std::size_t memory_limit = 4'096;  // of a queue that is not durable
inline constexpr std::size_t unsettled_limit = 4'096;  // outcomes that wait for their commit

struct broker::place {
  queue_ptr queue;
  std::int64_t seq = 0;
  std::string subject;
  bool in_memory = false;  // false: left to the file
};

struct broker::publication {
  struct entry {
    std::shared_ptr<const events::envelope> event;
    std::string body;
    std::int64_t seq = 0;
    std::vector<queue_ptr> queues;
  };
  std::vector<entry> entries;
  std::vector<place> places;
};

// Counts a handler at work, however its coroutine ends.
class broker::active_slot {
 public:
  active_slot(std::shared_ptr<broker> of, queue_ptr q) : of_(std::move(of)), q_(std::move(q)) {}
  active_slot(active_slot&& other) noexcept = default;
  active_slot& operator=(active_slot&&) = delete;
  ~active_slot() {
    if (!of_) return;
    std::lock_guard lock(of_->guard_);
    --q_->active;
  }
  // The count was taken down under the lock already.
  void forget() { of_.reset(); }

 private:
  std::shared_ptr<broker> of_;
  queue_ptr q_;
};

}  // namespace oficio::embedded
