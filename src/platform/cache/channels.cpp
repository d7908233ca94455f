#include "platform/cache/channels.hpp"

#include <algorithm>
#include <map>
#include <mutex>

namespace oficio::cache {
namespace {

// One listener, and the lock that lets it hear one message at a time and none after its end.
struct ear {
  explicit ear(listener h) : hear(std::move(h)) {}

  std::mutex guard;
  listener hear;  // under guard; empty: ended
};

}  // namespace

struct channels::state {
  std::mutex guard;
  std::map<std::string, std::vector<std::shared_ptr<ear>>> ears;  // under guard
  std::function<void(const std::string&)> changed;

  void remove(const std::string& channel, const std::shared_ptr<ear>& which) {
    {
      std::lock_guard lock(which->guard);
      which->hear = nullptr;
    }
    {
      std::lock_guard lock(guard);
      auto& all = ears[channel];
      std::erase(all, which);
      if (!all.empty()) return;
      ears.erase(channel);
    }
    if (changed) changed(channel);
  }
};

namespace {

// What ends the listening when it goes.
class held final : public subscription {
 public:
  explicit held(std::function<void()> end) : end_(std::move(end)) {}
  ~held() override { end_(); }

 private:
  std::function<void()> end_;
};

}  // namespace

channels::channels(std::function<void(const std::string&)> changed)
    : state_(std::make_shared<state>()) {
  state_->changed = std::move(changed);
}

std::unique_ptr<subscription> channels::add(std::string channel, listener hear) {
  auto own = std::make_shared<ear>(std::move(hear));
  bool first = false;
  {
    std::lock_guard lock(state_->guard);
    auto& all = state_->ears[channel];
    first = all.empty();
    all.push_back(own);
  }
  if (first && state_->changed) state_->changed(channel);
  return std::make_unique<held>([weak = std::weak_ptr(state_), own, channel = std::move(channel)] {
    if (auto all = weak.lock()) all->remove(channel, own);
  });
}

void channels::deliver(const std::string& channel, const std::string& message) const {
  std::vector<std::shared_ptr<ear>> who;
  {
    std::lock_guard lock(state_->guard);
    if (auto found = state_->ears.find(channel); found != state_->ears.end()) who = found->second;
  }
  for (const auto& one : who) {
    std::lock_guard lock(one->guard);
    if (one->hear) one->hear(message);
  }
}

bool channels::is_heard(const std::string& channel) const {
  std::lock_guard lock(state_->guard);
  return state_->ears.contains(channel);
}

std::vector<std::string> channels::heard() const {
  std::lock_guard lock(state_->guard);
  std::vector<std::string> out;
  for (const auto& [channel, who] : state_->ears) out.push_back(channel);
  return out;
}

}  // namespace oficio::cache
