#include "services/users/chat_events.hpp"

#include <utility>

#include "services/users/told_order.hpp"

namespace oficio::users {
namespace {

struct told_offer {
  std::string id;
  std::string gig_id;
  std::string title;
  money price;
};
BOOST_DESCRIBE_STRUCT(told_offer, (), (id, gig_id, title, price))

struct told_message {
  std::string id;
  std::int64_t seq = 0;
  std::string conversation_id;
  std::optional<told_offer> offer;
};
BOOST_DESCRIBE_STRUCT(told_message, (), (id, seq, conversation_id, offer))

struct message_event {
  told_message message;
  told_party from;
  told_party to;
};
BOOST_DESCRIBE_STRUCT(message_event, (), (message, from, to))

struct read_event {
  std::string conversation_id;
  std::string account_id;
  std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(read_event, (), (conversation_id, account_id, seq))

struct waiting_event {
  std::string conversation_id;
  std::string account_id;
  told_party from;
  std::int64_t unread = 0;
  std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(waiting_event, (), (conversation_id, account_id, from, unread, seq))

struct offer_event {
  told_offer offer;
  std::string conversation_id;
  told_party seller;
  told_party buyer;
};
BOOST_DESCRIBE_STRUCT(offer_event, (), (offer, conversation_id, seller, buyer))

error malformed(const events::envelope& e) {
  return {errc::bad_request, "malformed_event", e.type + " does not say whom it is about."};
}

template <class T>
result<T> read(const events::envelope& e) {
  return json::from_stored<T>(json::value(e.data));
}

notice about(const events::envelope& e, std::string kind, const std::string& conversation_id,
             const told_party& actor) {
  notice n;
  n.id = e.id;
  n.kind = std::move(kind);
  n.link = "/conversations/" + conversation_id;
  n.at = e.time;
  n.actor = actor.username;
  n.facts = {{"conversation_id", conversation_id}};
  return n;
}

// An offer has an event of its own.
awaitable<result<void>> on_message(teller& to, events::envelope e, context ctx) {
  CO_TRY(auto told, read<message_event>(e));
  const auto& m = told.message;
  if (m.conversation_id.empty() || told.to.id.empty()) co_return malformed(e);
  if (e.republished || m.offer) co_return result<void>{};
  auto n = about(e, "message.received", m.conversation_id, told.from);
  n.facts["message_id"] = m.id;
  co_return co_await to.tell_message(ctx, {m.conversation_id, m.seq, told.to.id, std::move(n)});
}

awaitable<result<void>> on_read(teller& to, events::envelope e, context ctx) {
  CO_TRY(auto told, read<read_event>(e));
  if (told.conversation_id.empty() || told.account_id.empty()) co_return malformed(e);
  if (e.republished) co_return result<void>{};
  co_return co_await to.note_read(ctx, told.account_id, told.conversation_id, told.seq);
}

awaitable<result<void>> on_waiting(teller& to, events::envelope e, context ctx) {
  CO_TRY(auto told, read<waiting_event>(e));
  if (told.conversation_id.empty() || told.account_id.empty()) co_return malformed(e);
  if (e.republished || told.unread <= 0) co_return result<void>{};
  auto news = about(e, "message.received", told.conversation_id, told.from);
  auto digest = about(e, "message.unread", told.conversation_id, told.from);
  digest.number = told.unread;
  digest.facts["unread"] = told.unread;
  teller::message_news m{told.conversation_id, told.seq, told.account_id, std::move(news)};
  co_return co_await to.tell_waiting(ctx, std::move(m), std::move(digest));
}

awaitable<result<void>> on_offer(teller& to, events::envelope e, context ctx) {
  CO_TRY(auto told, read<offer_event>(e));
  const auto& o = told.offer;
  if (o.id.empty() || told.seller.id.empty() || told.buyer.id.empty()) co_return malformed(e);
  if (e.republished) co_return result<void>{};
  bool declined = e.type == "chat.offer.declined";
  const auto& actor = declined ? told.buyer : told.seller;
  const auto& hears = declined ? told.seller : told.buyer;
  auto n = about(e, e.type.substr(e.type.find('.') + 1), told.conversation_id, actor);
  n.title = o.title;
  n.amount = o.price;
  n.facts["offer_id"] = o.id;
  n.facts["gig_id"] = o.gig_id;
  co_return co_await to.tell(ctx, hears.id, std::move(n));
}

}  // namespace

std::vector<hosting::subscription> chat_subscriptions(teller& to) {
  using use = awaitable<result<void>> (*)(teller&, events::envelope, context);
  auto hear = [&to](std::string name, std::vector<std::string> patterns, use handle) {
    return hosting::subscription{{.name = std::move(name), .patterns = std::move(patterns)},
                                 [&to, handle](const events::envelope& e, const context& ctx) {
                                   return handle(to, e, ctx);
                                 }};
  };
  return {hear("users.chat", {"chat.message.sent"}, on_message),
          hear("users.chat.read", {"chat.conversation.read"}, on_read),
          hear("users.chat.waiting", {"chat.messages.unread"}, on_waiting),
          hear("users.chat.offers",
               {"chat.offer.made", "chat.offer.declined", "chat.offer.withdrawn"}, on_offer)};
}

}  // namespace oficio::users
