#include "services/gateway/live/participants.hpp"

#include "platform/json/json.hpp"
#include "services/gateway/live/talking.hpp"

namespace oficio::gateway {
namespace {

struct told_party {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(told_party, (), (id))

struct told_conversation {
  told_party with;
};
BOOST_DESCRIBE_STRUCT(told_conversation, (), (with))

}  // namespace

std::string participants::known(const std::string& key) const {
  std::lock_guard lock(guard_);
  auto found = known_.find(key);
  return found == known_.end() ? std::string() : found->second;
}

void participants::learn(const std::string& key, const std::string& other) {
  std::lock_guard lock(guard_);
  if (!known_.try_emplace(key, other).second) return;
  order_.push_back(key);
  if (order_.size() <= most_known) return;
  known_.erase(order_.front());
  order_.pop_front();
}

awaitable<result<std::string>> participants::other_of(std::shared_ptr<socket_owner> asking,
                                                      std::string conversation) {
  auto key = asking->who.sub + " " + conversation;
  if (auto other = known(key); !other.empty()) co_return other;
  auto target = "/conversations/" + http::encode_segment(conversation);
  CO_TRY(auto shown, co_await ask_chat(by_, asking, http::method::get, std::move(target), {}));
  CO_TRY(auto read, json::from_stored<told_conversation>(shown));
  if (read.with.id.empty()) {
    co_return error{errc::bad_upstream, "bad_upstream", "chat named nobody."};
  }
  learn(key, read.with.id);
  co_return read.with.id;
}

}  // namespace oficio::gateway
