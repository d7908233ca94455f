#include "services/gateway/live/participants.hpp"

#include "platform/json/json.hpp"
#include "services/gateway/live/talking.hpp"

namespace oficio::gateway {
namespace {

struct told_party {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(told_party, (), (id))

}  // namespace

std::optional<std::string> participants::known(const std::string& key) const {
  std::lock_guard lock(guard_);
  auto found = known_.find(key);
  if (found == known_.end() || found->second.until <= std::chrono::steady_clock::now()) {
    return std::nullopt;
  }
  return found->second.other;
}

void participants::drop_old_locked(instant now) {
  while (!order_.empty()) {
    auto oldest = known_.find(order_.front());
    if (order_.size() <= most_known && oldest->second.until > now) return;
    known_.erase(oldest);
    order_.pop_front();
  }
}

void participants::learn(const std::string& key, const std::string& other) {
  auto now = std::chrono::steady_clock::now();
  std::lock_guard lock(guard_);
  drop_old_locked(now);
  // Another device of theirs may have asked at the same time.
  if (known_.try_emplace(key, entry{other, now + remembered}).second) order_.push_back(key);
}

awaitable<result<std::string>> participants::other_of(std::shared_ptr<socket_owner> asking,
                                                      std::string conversation) {
  auto key = asking->who.sub + " " + conversation;
  if (auto other = known(key)) co_return std::move(*other);
  auto target = "/internal/conversations/" + http::encode_segment(conversation) + "/correspondent";
  CO_TRY(auto shown, co_await ask_chat(by_, asking, http::method::get, std::move(target), {}));
  CO_TRY(auto read, json::from_stored<told_party>(shown));
  if (read.id.empty()) {
    co_return error{errc::bad_upstream, "bad_upstream", "chat named nobody."};
  }
  learn(key, read.id);
  co_return read.id;
}

}  // namespace oficio::gateway
