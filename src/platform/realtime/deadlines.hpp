#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include "platform/base/context.hpp"

namespace oficio::realtime {

class deadlines;

// Something that is due at a time. Part of what it belongs to, and in one list at most.
class deadline : public boost::intrusive::list_base_hook<> {
 public:
  deadline() = default;
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;

 protected:
  ~deadline() = default;  // must be in no list

 private:
  friend class deadlines;
  // Keeps the owner alive while it is told; nothing if the owner is ending.
  virtual std::shared_ptr<void> owner() = 0;
  // May come shortly after remove(): the owner looks whether it still matters. No lock is held.
  virtual void expired(steady_time due) = 0;

  steady_time due_;
};

// All deadlines of one length: whoever comes first is due first, so thousands cost one timer and
// no search. Safe from any thread. stop() before the io context goes.
class deadlines {
 public:
  deadlines(boost::asio::io_context& io, std::chrono::milliseconds length);

  // From `start` on; one that is here already is moved to the end.
  void add(deadline& d, steady_time start = std::chrono::steady_clock::now());
  void remove(deadline& d);
  void stop();
  std::chrono::milliseconds length() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace oficio::realtime
