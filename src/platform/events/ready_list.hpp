#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "platform/events/envelope.hpp"

namespace oficio::events {

// An event on its way to one queue's handler. `seq` is its place in the queue's order.
struct delivery {
  std::int64_t seq = 0;
  std::shared_ptr<const events::envelope> event;
  int attempts = 0;  // that failed so far
};

// The events of one queue that are in memory and not yet handed out, in the order of publishing; of
// each subject only one is out at a time. Not thread-safe.
class ready_list {
 public:
  // `ready` false: the event's transaction is not yet committed; later ones of its subject wait
  // too.
  void add(delivery d, bool ready);
  void mark_ready(std::int64_t seq, const std::string& subject);
  void remove(std::int64_t seq, const std::string& subject);
  // All that are not taken; what is taken stays so.
  void clear();

  // The oldest whose subject is free; the subject is then taken until release().
  std::optional<delivery> take();
  void release(const std::string& subject);

  bool can_take() const { return !free_.empty(); }
  std::size_t size() const { return size_; }  // without those taken

 private:
  struct entry {
    delivery what;
    bool ready = false;
  };
  struct lane {
    std::map<std::int64_t, entry> waiting;
    bool taken = false;
    std::optional<std::int64_t> offered;  // its key in free_
  };

  void offer(const std::string& subject, lane& of);

  std::unordered_map<std::string, lane> lanes_;
  std::map<std::int64_t, std::string> free_;  // the first of each free lane: subject by seq
  std::size_t size_ = 0;
};

}  // namespace oficio::events
