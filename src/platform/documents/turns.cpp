#include "platform/documents/turns.hpp"

#include <algorithm>
#include <utility>

namespace oficio::documents {

class turns::place {
 public:
  place(turns& of, const std::string& id, std::shared_ptr<waiter> who)
      : of_(of), id_(id), who_(std::move(who)) {}
  ~place() {
    if (who_ && !of_.leave(id_, who_)) of_.next(id_);
  }
  place(const place&) = delete;
  place& operator=(const place&) = delete;

  runtime::notifier& called() { return who_->called; }
  // True if the turn is one's own now.
  bool give_up() { return !of_.leave(id_, std::exchange(who_, nullptr)); }

 private:
  turns& of_;
  const std::string& id_;
  std::shared_ptr<waiter> who_;
};

awaitable<std::optional<turns::turn>> turns::take(std::string id, steady_time deadline) {
  if (auto who = queue_up(id)) {
    place mine(*this, id, who);
    auto left = deadline - std::chrono::steady_clock::now();
    co_await mine.called().wait(std::chrono::ceil<std::chrono::milliseconds>(
        std::max(left, std::chrono::steady_clock::duration::zero())));
    if (!mine.give_up()) co_return std::nullopt;
  }
  co_return turn(*this, std::move(id));
}

std::shared_ptr<turns::waiter> turns::queue_up(const std::string& id) {
  std::lock_guard lock(guard_);
  auto [at, first] = waiting_.try_emplace(id);
  if (first) return nullptr;
  return at->second.emplace_back(std::make_shared<waiter>());
}

bool turns::leave(const std::string& id, const std::shared_ptr<waiter>& who) {
  std::lock_guard lock(guard_);
  if (who->given) return false;
  auto& queue = waiting_.at(id);
  queue.erase(std::ranges::find(queue, who));
  return true;
}

void turns::next(const std::string& id) {
  std::shared_ptr<waiter> called;
  {
    std::lock_guard lock(guard_);
    auto at = waiting_.find(id);
    if (at->second.empty()) {
      waiting_.erase(at);
      return;
    }
    called = std::move(at->second.front());
    at->second.pop_front();
    called->given = true;
  }
  called->called.notify();
}

}  // namespace oficio::documents
