#include "platform/http/message_room.hpp"

#include <utility>

namespace oficio::http::detail {

message_room::lease message_room::take(std::size_t bytes, std::string client) {
  {
    std::lock_guard lock(state_->guard);
    auto& theirs = state_->by_client[client];
    bool fits = bytes <= state_->total - state_->taken;
    bool fair = theirs == 0 || theirs + bytes <= state_->total / 2;
    if (!fits || !fair) {
      if (theirs == 0) state_->by_client.erase(client);
      return nullptr;
    }
    state_->taken += bytes;
    theirs += bytes;
  }
  auto back = [s = state_, bytes, client = std::move(client)](const void*) {
    give_back(*s, bytes, client);
  };
  return {state_.get(), std::move(back)};
}

std::size_t message_room::taken() const {
  std::lock_guard lock(state_->guard);
  return state_->taken;
}

void message_room::give_back(state& s, std::size_t bytes, const std::string& client) {
  std::lock_guard lock(s.guard);
  s.taken -= bytes;
  auto found = s.by_client.find(client);
  if (found != s.by_client.end() && (found->second -= bytes) == 0) s.by_client.erase(found);
}

}  // namespace oficio::http::detail
