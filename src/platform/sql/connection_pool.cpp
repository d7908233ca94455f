#include "platform/sql/connection_pool.hpp"

#include <algorithm>

namespace oficio::sql {
namespace {

using namespace std::chrono_literals;

// Servers and what is between close connections that say nothing for long.
constexpr auto max_idle = 5min;
constexpr auto first_pause = 50ms;
constexpr auto longest_pause = 1'000ms;

}  // namespace

error unavailable(const std::string& why) {
  return {errc::unavailable, "database_unavailable", why, {}, std::chrono::seconds(1)};
}

error late() {
  return {errc::timeout, "deadline_exceeded", "The database did not answer in time."};
}

connection_pool::connection_pool(server& from, deadline_watch& watch, std::size_t most,
                                 std::chrono::milliseconds patience)
    : server_(from), watch_(watch), most_(most) {
  auto until = std::chrono::steady_clock::now() + patience;
  for (auto pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    try {
      idle_.push_back({connect(), std::chrono::steady_clock::now()});
      break;
    } catch (const connect_failure& e) {
      if (e.hopeless() || std::chrono::steady_clock::now() + pause >= until) throw;
    }
    std::this_thread::sleep_for(pause);
  }
  made_ = 1;
  thread_ = std::thread([this] { run(); });
}

std::unique_ptr<connection> connection_pool::connect() {
  auto made = server_.connect();
  deadline_watch::guard watched(watch_, *made,
                                std::chrono::steady_clock::now() + server::connect_patience);
  made->set_up();
  return made;
}

connection_pool::~connection_pool() {
  {
    std::lock_guard lock(guard_);
    stopping_ = true;
  }
  wanted_.notify_one();
  thread_.join();
}

result<connection_pool::lease> connection_pool::take(steady_time deadline) {
  std::vector<waiting_session> old;  // closed when the lock is gone
  std::unique_lock lock(guard_);
  while (true) {
    if (auto found = pop_idle(old)) return lease(*this, std::move(found));
    if (down()) return unavailable(server_.shown() + ": " + failure_->what());
    ++waiting_;
    wanted_.notify_one();
    auto status = changed_.wait_until(lock, deadline);
    --waiting_;
    if (status == std::cv_status::timeout && idle_.empty() && !down()) return late();
  }
}

// The one that was used last: the others may grow old and go.
std::unique_ptr<connection> connection_pool::pop_idle(std::vector<waiting_session>& old) {
  while (!idle_.empty()) {
    auto next = std::move(idle_.back());
    idle_.pop_back();
    if (std::chrono::steady_clock::now() - next.since < max_idle) return std::move(next.session);
    --made_;
    old.push_back(std::move(next));
  }
  return nullptr;
}

std::size_t connection_pool::leased() const {
  std::lock_guard lock(guard_);
  return made_ - idle_.size();
}

connection_pool::lease::~lease() {
  if (broken_) connection_.reset();
  if (from_) from_->give_back(std::move(connection_));
}

void connection_pool::lease::discard_all() {
  discard();
  from_->take_idle();
}

std::vector<connection_pool::waiting_session> connection_pool::take_idle() {
  std::lock_guard lock(guard_);
  made_ -= idle_.size();
  return std::exchange(idle_, {});
}

void connection_pool::give_back(std::unique_ptr<connection> c) {
  {
    std::lock_guard lock(guard_);
    if (c) {
      idle_.push_back({std::move(c), std::chrono::steady_clock::now()});
    } else {
      --made_;
      wanted_.notify_one();
    }
  }
  changed_.notify_all();
}

void connection_pool::run() {
  std::unique_lock lock(guard_);
  auto pause = std::chrono::milliseconds(first_pause);
  while (true) {
    wanted_.wait(lock, [this] {
      return stopping_ || (made_ < most_ && (waiting_ > idle_.size() || down()));
    });
    if (stopping_) return;
    if (try_one(lock)) {
      pause = first_pause;
      continue;
    }
    wanted_.wait_for(lock, pause, [this] { return stopping_; });
    pause = std::min<std::chrono::milliseconds>(pause * 2, longest_pause);
  }
}

bool connection_pool::try_one(std::unique_lock<std::mutex>& lock) {
  std::unique_ptr<connection> made;
  std::optional<connect_failure> failure;
  lock.unlock();
  try {
    made = connect();
  } catch (const connect_failure& e) {
    failure = e;
  }
  lock.lock();
  // While there are others, who waits may still get one of those.
  failure_ = made_ == 0 ? std::move(failure) : std::nullopt;
  bool done = made != nullptr;
  if (done) {
    idle_.push_back({std::move(made), std::chrono::steady_clock::now()});
    ++made_;
  }
  changed_.notify_all();
  return done;
}

}  // namespace oficio::sql
