#include "services/gateway/channel.hpp"

namespace oficio::gateway {
namespace {

constexpr std::chrono::seconds patience{2};

}  // namespace

channel::channel(cache::store& over, std::string name, cache::listener hear)
    : over_(over), name_(std::move(name)), held_(over.subscribe(name_, std::move(hear))) {}

void channel::tell(std::string message) {
  if (message.empty()) return;
  {
    std::lock_guard lock(guard_);
    if (untold_.size() >= most_untold) untold_.pop_front();
    untold_.push_back(std::move(message));
  }
  woken_.notify();
}

std::string channel::next() {
  std::lock_guard lock(guard_);
  if (untold_.empty()) return {};
  auto out = std::move(untold_.front());
  untold_.pop_front();
  return out;
}

awaitable<void> channel::tell_now(std::string message) {
  (void)co_await over_.publish(context::for_system(patience), name_, std::move(message));
}

awaitable<void> channel::run() {
  for (;;) {
    for (auto message = next(); !message.empty(); message = next()) {
      co_await tell_now(std::move(message));
    }
    co_await woken_.wait(std::chrono::minutes(1));
  }
}

}  // namespace oficio::gateway
