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

struct told_seller {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(told_seller, (), (id))

struct told_gig {
  std::string id;
  told_seller seller;
  std::string title;
};
BOOST_DESCRIBE_STRUCT(told_gig, (), (id, seller, title))

struct told_order {
  std::string id;
  std::optional<std::string> offer_id;
};
BOOST_DESCRIBE_STRUCT(told_order, (), (id, offer_id))

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
                                 const shown_mark& mark) {
  return {.type = "chat.conversation.read",
          .data = {{"conversation_id", c.id},
                   {"account_id", account_id},
                   {"seq", mark.seq},
                   {"at", json::to_value(mark.at)}},
          .concerns = {account_id, c.other_than(account_id).id}};
}

events::raised messages_unread(const membership& m) {
  return {.type = "chat.messages.unread",
          .data = {{"conversation_id", m.conversation_id},
                   {"account_id", m.account_id},
                   {"from", json::to_value(m.with)},
                   {"unread", m.unread()},
                   {"seq", m.received_seq}},
          .concerns = {m.account_id}};
}

events::raised offer_changed(std::string type, const message& m, const conversation& c) {
  const auto& seller = m.from;
  const auto& buyer = c.other_than(seller.id);
  return {.type = std::move(type),
          .data = {{"offer", json::to_value(m.offer)},
                   {"conversation_id", c.id},
                   {"seller", json::to_value(seller)},
                   {"buyer", json::to_value(buyer)}},
          .concerns = {seller.id, buyer.id}};
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

awaitable<result<void>> on_gig(messenger& own, events::envelope e, context ctx) {
  CO_TRY(auto gig, member_of<told_gig>(e, "gig"));
  known_gig news{.id = std::move(gig.id),
                 .version = e.version(),
                 .seller_id = std::move(gig.seller.id),
                 .title = std::move(gig.title),
                 .removed = e.type == "gigs.gig.removed"};
  co_return co_await own.store().learn(ctx, std::move(news));
}

awaitable<result<void>> on_order_placed(messenger& own, events::envelope e, context ctx) {
  CO_TRY(auto order, member_of<told_order>(e, "order"));
  if (!order.offer_id) co_return result<void>{};
  auto marked =
      co_await own.store().mark_ordered(ctx, identity::system(), *order.offer_id, order.id);
  // An order of an offer that is not ours is nothing that another attempt could change.
  if (!marked && marked.error().kind == errc::not_found) co_return result<void>{};
  co_return marked;
}

awaitable<result<void>> on_message(messenger& own, events::envelope e, context ctx) {
  CO_TRY(auto m, member_of<message>(e, "message"));
  CO_TRY(auto c, co_await own.store().conversation_for(ctx, identity::system(), m.conversation_id));
  co_return co_await own.store().catch_up(ctx, identity::system(), c);
}

}  // namespace oficio::chat
