#include "platform/realtime/deadlines.hpp"

#include <vector>

namespace oficio::realtime {

namespace asio = boost::asio;

struct deadlines::state : std::enable_shared_from_this<state> {
  state(asio::io_context& io, std::chrono::milliseconds l) : length(l), timer(io) {}

  // Under the lock.
  void arm() {
    if (armed || stopped || waiting.empty()) return;
    armed = true;
    timer.expires_at(waiting.front().due_);
    timer.async_wait([self = shared_from_this()](boost::system::error_code failure) {
      if (!failure) self->tell();
    });
  }

  // A few at a time, so that a crowd that is due at once does not hold up everything else.
  void tell() {
    struct due_one {
      deadline* what;
      std::shared_ptr<void> keep;
      steady_time due;
    };
    std::vector<due_one> due;
    {
      std::lock_guard lock(guard);
      armed = false;
      auto now = std::chrono::steady_clock::now();
      while (!waiting.empty() && waiting.front().due_ <= now && due.size() < 256) {
        auto& first = waiting.front();
        waiting.pop_front();
        if (auto keep = first.owner()) due.push_back({&first, std::move(keep), first.due_});
      }
      arm();
    }
    for (auto& d : due) d.what->expired(d.due);
  }

  const std::chrono::milliseconds length;
  std::mutex guard;
  asio::steady_timer timer;                  // under guard
  boost::intrusive::list<deadline> waiting;  // under guard, by due time
  bool armed = false;                        // under guard
  bool stopped = false;                      // under guard
};

deadlines::deadlines(asio::io_context& io, std::chrono::milliseconds length)
    : state_(std::make_shared<state>(io, length)) {}

void deadlines::add(deadline& d, steady_time start) {
  std::lock_guard lock(state_->guard);
  if (d.is_linked()) state_->waiting.erase(state_->waiting.iterator_to(d));
  d.due_ = start + state_->length;
  // Nearly always the last: starts differ by what it takes to come here.
  auto place = state_->waiting.end();
  while (place != state_->waiting.begin() && std::prev(place)->due_ > d.due_) --place;
  state_->waiting.insert(place, d);
  state_->arm();
}

void deadlines::remove(deadline& d) {
  std::lock_guard lock(state_->guard);
  if (d.is_linked()) state_->waiting.erase(state_->waiting.iterator_to(d));
}

void deadlines::stop() {
  std::lock_guard lock(state_->guard);
  state_->stopped = true;
  state_->timer.cancel();
  state_->waiting.clear();
}

std::chrono::milliseconds deadlines::length() const {
  return state_->length;
}

}  // namespace oficio::realtime
