#include "services/users/events.hpp"

#include <utility>

#include "platform/base/uuid.hpp"
#include "services/users/told_order.hpp"

namespace oficio::users {
namespace {

struct told_review {
  std::string id;
  std::string order_id;
  std::string gig_id;
  told_party from;
  told_party about;
  std::int64_t rating = 0;
};
BOOST_DESCRIBE_STRUCT(told_review, (), (id, order_id, gig_id, from, about, rating))

struct review_event {
  told_review review;
  std::string side;  // who wrote it
  users::rating about_rating;
};
BOOST_DESCRIBE_STRUCT(review_event, (), (review, side, about_rating))

struct told_message {
  std::string id;
  std::string conversation_id;
};
BOOST_DESCRIBE_STRUCT(told_message, (), (id, conversation_id))

struct message_event {
  told_message message;
  told_party from;
  told_party to;
};
BOOST_DESCRIBE_STRUCT(message_event, (), (message, from, to))

struct account_event {
  account_news account;
};
BOOST_DESCRIBE_STRUCT(account_event, (), (account))

struct profile_id {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(profile_id, (), (id))

struct profile_event {
  profile_id profile;
};
BOOST_DESCRIBE_STRUCT(profile_event, (), (profile))

struct order_event {
  told_order order;
};
BOOST_DESCRIBE_STRUCT(order_event, (), (order))

error malformed(const events::envelope& e) {
  return {errc::bad_request, "malformed_event", e.type + " does not say whom it is about."};
}

template <class T>
result<T> read(const events::envelope& e) {
  return json::from_stored<T>(json::value(e.data));
}

}  // namespace

listener::listener(profile_store& profiles, seller_store& sellers, feed_store& feed, cards& shown,
                   const wall_clock& clock)
    : profiles_(profiles), sellers_(sellers), feed_(feed), cards_(shown), clock_(clock) {}

awaitable<result<void>> listener::on_account(events::envelope e, context ctx) {
  CO_TRY(auto told, read<account_event>(e));
  if (told.account.id.empty()) co_return malformed(e);
  CO_TRY(auto p, co_await profiles_.learn(ctx, std::move(told.account), e.version()));
  co_await cards_.forget(ctx, p.handle);
  co_return result<void>{};
}

// A seller shows the picture and country of the person. Read from the profile and not from the
// event, so that order does not matter.
awaitable<result<void>> listener::on_own_profile(events::envelope e, context ctx) {
  CO_TRY(auto told, read<profile_event>(e));
  if (told.profile.id.empty()) co_return malformed(e);
  CO_TRY(auto p, co_await profiles_.get(ctx, told.profile.id));
  if (!p) co_return result<void>{};
  auto outcome = co_await change_seller(
      ctx, p->id, [&p](seller& s) -> result<bool> { return s.learn(p->avatar, p->country); });
  if (!outcome && outcome.error().kind == errc::not_found) co_return result<void>{};
  co_return outcome;
}

awaitable<result<void>> listener::on_order(events::envelope e, context ctx) {
  CO_TRY(auto told, read<order_event>(e));
  auto& o = told.order;
  if (o.id.empty() || o.buyer.id.empty() || o.seller.id.empty()) co_return malformed(e);
  if (e.type == "orders.order.completed") {
    CO_TRY_VOID(co_await count_sale(ctx, o.seller.id, o.id, o.completed_at.value_or(e.time)));
  }
  if (e.republished) co_return result<void>{};
  for (auto& [account_id, n] : notices_of(e, o)) {
    CO_TRY_VOID(co_await tell(ctx, account_id, std::move(n)));
  }
  co_return result<void>{};
}

awaitable<result<void>> listener::on_review(events::envelope e, context ctx) {
  CO_TRY(auto told, read<review_event>(e));
  auto& r = told.review;
  if (r.id.empty() || r.about.id.empty()) co_return malformed(e);
  if (told.side == "buyer") {
    CO_TRY_VOID(co_await change_seller(ctx, r.about.id, [&told](seller& s) -> result<bool> {
      return s.learn(told.about_rating);
    }));
  }
  if (e.republished) co_return result<void>{};
  notice n;
  n.id = e.id;
  n.kind = "review.received";
  n.link = "/orders/" + r.order_id;
  n.at = e.time;
  n.actor = r.from.username;
  n.rating = r.rating;
  n.facts = {
      {"review_id", r.id}, {"order_id", r.order_id}, {"gig_id", r.gig_id}, {"rating", r.rating}};
  co_return co_await tell(ctx, r.about.id, std::move(n));
}

// One unread entry a conversation is enough: its id follows from when the feed was last read, so
// the messages between two readings all make the same one.
awaitable<result<void>> listener::on_message(events::envelope e, context ctx) {
  CO_TRY(auto told, read<message_event>(e));
  if (told.message.conversation_id.empty() || told.to.id.empty()) co_return malformed(e);
  if (e.republished) co_return result<void>{};
  CO_TRY(auto to, co_await known(ctx, told.to.id));
  if (to.read_until && e.time <= *to.read_until) co_return result<void>{};
  notice n;
  n.id = told.message.conversation_id + "/" +
         (to.read_until ? format_time(*to.read_until) : std::string("never"));
  n.kind = "message.received";
  n.link = "/conversations/" + told.message.conversation_id;
  n.at = e.time;
  n.actor = told.from.username;
  n.facts = {{"conversation_id", told.message.conversation_id}, {"message_id", told.message.id}};
  co_return co_await tell(ctx, told.to.id, std::move(n));
}

awaitable<result<profile>> listener::known(const context& ctx, std::string account_id) {
  CO_TRY(auto found, co_await profiles_.get(ctx, account_id));
  if (!found || !found->is_complete()) {
    co_return error{errc::unavailable, "account_unknown",
                    "auth has not told of the account " + account_id + " yet."};
  }
  co_return std::move(*found);
}

awaitable<result<void>> listener::tell(const context& ctx, std::string account_id, notice n) {
  CO_TRY(auto to, co_await known(ctx, std::move(account_id)));
  auto entry = entry_of(n, to, clock_.now());
  auto event = told(entry, n, to);
  co_return co_await feed_.append(ctx, std::move(entry), std::move(event));
}

awaitable<result<void>> listener::count_sale(const context& ctx, std::string seller_id,
                                             std::string order_id, time_point completed_at) {
  sale s{seller_id + ":" + order_id, seller_id, completed_at};
  CO_TRY(auto count, co_await sellers_.note_sale(ctx, identity::system(), std::move(s)));
  co_return co_await change_seller(ctx, std::move(seller_id), [count](seller& known) {
    return result<bool>(known.learn_completed(count));
  });
}

awaitable<result<void>> listener::change_seller(const context& ctx, std::string seller_id,
                                                seller_store::seller_change change) {
  CO_TRY(auto changed, co_await sellers_.update(ctx, std::move(seller_id), identity::system(),
                                                std::move(change)));
  co_await cards_.forget(ctx, changed.handle);
  co_return result<void>{};
}

std::vector<hosting::subscription> subscriptions(listener& own) {
  using use = awaitable<result<void>> (listener::*)(events::envelope, context);
  auto to = [&own](std::string name, std::vector<std::string> patterns, use handle) {
    return hosting::subscription{{.name = std::move(name), .patterns = std::move(patterns)},
                                 [&own, handle](const events::envelope& e, const context& ctx) {
                                   return (own.*handle)(e, ctx);
                                 }};
  };
  return {to("users.auth", {"auth.account.*"}, &listener::on_account),
          to("users.users", {"users.profile.updated"}, &listener::on_own_profile),
          to("users.orders",
             {"orders.order.placed", "orders.order.paid", "orders.order.started",
              "orders.order.delivered", "orders.order.completed", "orders.order.cancelled"},
             &listener::on_order),
          to("users.reviews", {"reviews.review.published"}, &listener::on_review),
          to("users.chat", {"chat.message.sent"}, &listener::on_message)};
}

}  // namespace oficio::users
