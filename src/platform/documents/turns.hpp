#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "platform/base/context.hpp"
#include "platform/runtime/awaitable.hpp"
#include "platform/runtime/notifier.hpp"

namespace oficio::documents {

// Lets those who change one document go one after another, first come, first served: of many that
// load it at once, all but one would have loaded it in vain. Spares work only; other processes
// change it too. Thread-safe; grows with those who wait, who are as many as the calls in work.
class turns {
  struct waiter {
    runtime::notifier called;
    bool given = false;
  };

 public:
  // Is one's turn while it lives.
  class turn {
   public:
    turn(turn&& other) noexcept : of_(std::exchange(other.of_, nullptr)), id_(other.id_) {}
    turn& operator=(turn&&) = delete;
    ~turn() {
      if (of_) of_->next(id_);
    }

   private:
    friend class turns;
    turn(turns& of, std::string id) : of_(&of), id_(std::move(id)) {}

    turns* of_;
    std::string id_;
  };

  // Nothing if it did not come in time.
  awaitable<std::optional<turn>> take(std::string id, steady_time deadline);

 private:
  // A place in the queue, which is left whatever becomes of who waits there.
  class place;

  // An empty handle if nobody is before one.
  std::shared_ptr<waiter> queue_up(const std::string& id);
  // False if the turn was given meanwhile.
  bool leave(const std::string& id, const std::shared_ptr<waiter>& who);
  void next(const std::string& id);

  std::mutex guard_;
  std::map<std::string, std::deque<std::shared_ptr<waiter>>> waiting_;  // an entry: it is taken
};

}  // namespace oficio::documents
