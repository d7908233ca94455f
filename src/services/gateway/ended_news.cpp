#include "services/gateway/ended_news.hpp"

namespace oficio::gateway {
namespace {

constexpr auto channel = "gateway.sessions.ended";
constexpr std::size_t most_untold = 1'000;
constexpr std::size_t longest_id = 100;
constexpr std::chrono::seconds patience{2};

}  // namespace

ended_news::ended_news(cache::store& over, hearing hear)
    : over_(over),
      held_(over.subscribe(channel, [hear = std::move(hear)](const std::string& session_id) {
        if (!session_id.empty() && session_id.size() <= longest_id) hear(session_id);
      })) {}

void ended_news::tell(const std::string& session_id) {
  if (session_id.empty()) return;
  {
    std::lock_guard lock(guard_);
    if (untold_.size() >= most_untold) untold_.pop_front();
    untold_.push_back(session_id);
  }
  woken_.notify();
}

std::string ended_news::next() {
  std::lock_guard lock(guard_);
  if (untold_.empty()) return {};
  auto out = std::move(untold_.front());
  untold_.pop_front();
  return out;
}

awaitable<void> ended_news::run() {
  for (;;) {
    for (auto id = next(); !id.empty(); id = next()) {
      (void)co_await over_.publish(context::for_system(patience), channel, id);
    }
    co_await woken_.wait(std::chrono::minutes(1));
  }
}

}  // namespace oficio::gateway
