#include "platform/telemetry/intake.hpp"

#include <utility>

namespace oficio::telemetry {

bool waiting_room::put(record r) {
  auto size = r.size();
  bool wake = false;
  {
    std::lock_guard lock(guard_);
    ++taken_;
    if (closed_ || waiting_.size() >= most_.records || bytes_ + size > most_.bytes) {
      ++dropped_;
      return false;
    }
    bytes_ += size;
    waiting_.push_back(std::move(r));
    wake = waiting_.size() == 1 || waiting_.size() == enough_;
  }
  if (wake) changed_.notify_one();
  return true;
}

std::vector<record> waiting_room::take(std::size_t enough, std::size_t bytes,
                                       std::chrono::milliseconds patience) {
  std::unique_lock lock(guard_);
  enough_ = enough;
  auto full = [&] { return closed_ || waiting_.size() >= enough || bytes_ >= bytes; };
  auto begun = [&] { return closed_ || !waiting_.empty(); };
  if (!changed_.wait_for(lock, patience, begun)) return {};
  changed_.wait_for(lock, patience, full);
  std::vector<record> out;
  std::size_t sum = 0;
  while (!waiting_.empty() && out.size() < enough && (out.empty() || sum < bytes)) {
    auto size = waiting_.front().size();
    sum += size;
    bytes_ -= size;
    out.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return out;
}

void waiting_room::close() {
  {
    std::lock_guard lock(guard_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool waiting_room::closed() const {
  std::lock_guard lock(guard_);
  return closed_;
}

std::size_t waiting_room::size() const {
  std::lock_guard lock(guard_);
  return waiting_.size();
}

std::uint64_t waiting_room::dropped() const {
  std::lock_guard lock(guard_);
  return dropped_;
}

std::uint64_t waiting_room::taken() const {
  std::lock_guard lock(guard_);
  return taken_;
}

}  // namespace oficio::telemetry
