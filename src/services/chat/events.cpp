#include "services/chat/events.hpp"

#include "platform/json/json.hpp"
#include "services/chat/service.hpp"

namespace oficio::chat {
namespace {

error unreadable(const events::envelope& e) {
  return {errc::bad_request, "malformed_event", e.type + " does not say who or what it is about."};
}

// The described struct that a member of the event's data holds.
template <class T>
result<T> member_of(const events::envelope& e, std::string_view name) {
  auto* found = e.data.if_contains(name);
  if (!found) return unreadable(e);
  TRY(T value, json::from_stored<T>(*found));
  if (value.id.empty()) return unreadable(e);
  return value;
}

}  // namespace

events::raised message_sent(const conversation& c, const message& m) {
  const auto& to = c.other_than(m.from.id);
  return {.type = "chat.message.sent",
          .data = {{"message", json::to_value(m)},
                   {"from", json::to_value(m.from)},
                   {"to", json::to_value(to)}},
          .concerns = {m.from.id, to.id}};
}

events::raised conversation_read(const conversation& c, const std::string& account_id,
                                 std::int64_t seq) {
  return {.type = "chat.conversation.read",
          .data = {{"conversation_id", c.id}, {"account_id", account_id}, {"seq", seq}},
          .concerns = {account_id, c.other_than(account_id).id}};
}

awaitable<result<void>> on_account(messenger& own, events::envelope e, context ctx) {
  CO_TRY(auto account, member_of<person>(e, "account"));
  person news{.id = account.id, .username = account.username, .account_version = e.version()};
  co_return co_await own.store().learn(ctx, identity::system(), std::move(news));
}

awaitable<result<void>> on_profile(messenger& own, events::envelope e, context ctx) {
  CO_TRY(auto profile, member_of<person>(e, "profile"));
  person news{.id = profile.id,
              .username = profile.username,
              .avatar = profile.avatar,
              .profile_version = e.version()};
  co_return co_await own.store().learn(ctx, identity::system(), std::move(news));
}

awaitable<result<void>> on_message(messenger& own, events::envelope e, context ctx) {
  CO_TRY(auto m, member_of<message>(e, "message"));
  CO_TRY(auto c, co_await own.store().conversation_for(ctx, identity::system(), m.conversation_id));
  co_return co_await own.store().catch_up(ctx, identity::system(), c);
}

}  // namespace oficio::chat
