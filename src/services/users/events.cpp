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
  std::string text;
};
BOOST_DESCRIBE_STRUCT(told_review, (), (id, order_id, gig_id, from, about, rating, text))

struct review_event {
  told_review review;
  std::string side;  // who wrote it
  users::rating about_rating;
};
BOOST_DESCRIBE_STRUCT(review_event, (), (review, side, about_rating))

struct told_gig {
  std::string id;
  told_party seller;
  std::string title;
};
BOOST_DESCRIBE_STRUCT(told_gig, (), (id, seller, title))

struct gig_event {
  told_gig gig;
};
BOOST_DESCRIBE_STRUCT(gig_event, (), (gig))

struct seller_event {
  told_party seller;
};
BOOST_DESCRIBE_STRUCT(seller_event, (), (seller))

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

notice about_review(const events::envelope& e, std::string kind, const told_review& r,
                    const told_party& actor) {
  notice n;
  n.id = e.id;
  n.kind = std::move(kind);
  n.link = "/orders/" + r.order_id;
  n.at = e.time;
  n.actor = actor.username;
  n.facts = {{"review_id", r.id}, {"order_id", r.order_id}, {"gig_id", r.gig_id}};
  return n;
}

template <class T>
result<T> read(const events::envelope& e) {
  return json::from_stored<T>(json::value(e.data));
}

}  // namespace

listener::listener(profile_store& profiles, seller_store& sellers, teller& to, cards& shown,
                   const wall_clock& clock)
    : profiles_(profiles), sellers_(sellers), teller_(to), cards_(shown), clock_(clock) {}

awaitable<result<void>> listener::on_account(events::envelope e, context ctx) {
  CO_TRY(auto told, read<account_event>(e));
  if (told.account.id.empty()) co_return malformed(e);
  CO_TRY(auto p, co_await profiles_.learn(ctx, std::move(told.account), e.version()));
  (void)co_await cards_.forget(ctx, p.handle);
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

awaitable<result<void>> listener::on_shown_change(events::envelope e, context ctx) {
  std::string id;
  if (e.type == "users.profile.updated") {
    CO_TRY(auto told, read<profile_event>(e));
    id = told.profile.id;
  } else {
    CO_TRY(auto told, read<seller_event>(e));
    id = told.seller.id;
  }
  if (id.empty()) co_return malformed(e);
  CO_TRY(auto p, co_await profiles_.get(ctx, id));
  if (!p) co_return result<void>{};
  auto done = co_await cards_.forget(ctx, p->handle);
  // Later there is no card left that could show the old.
  if (clock_.now() - e.time > cards::lifetime) co_return result<void>{};
  co_return done;
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
    CO_TRY_VOID(co_await teller_.tell(ctx, account_id, std::move(n)));
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
  auto n = about_review(e, "review.received", r, r.from);
  n.number = r.rating;
  n.facts["rating"] = r.rating;
  if (!r.text.empty()) n.facts["quote"] = r.text;
  co_return co_await teller_.tell(ctx, r.about.id, std::move(n));
}

awaitable<result<void>> listener::on_reply(events::envelope e, context ctx) {
  CO_TRY(auto told, read<review_event>(e));
  const auto& r = told.review;
  if (r.id.empty() || r.from.id.empty()) co_return malformed(e);
  if (e.republished) co_return result<void>{};
  co_return co_await teller_.tell(ctx, r.from.id, about_review(e, "review.replied", r, r.about));
}

awaitable<result<void>> listener::on_new_seller(events::envelope e, context ctx) {
  CO_TRY(auto told, read<seller_event>(e));
  if (told.seller.id.empty()) co_return malformed(e);
  if (e.republished) co_return result<void>{};
  notice n;
  n.id = e.id;
  n.kind = "gig.shop_opened";
  n.link = "/gigs/new";
  n.at = e.time;
  co_return co_await teller_.tell(ctx, told.seller.id, std::move(n));
}

// Once a gig, however often it is paused and published again.
awaitable<result<void>> listener::on_new_gig(events::envelope e, context ctx) {
  CO_TRY(auto told, read<gig_event>(e));
  const auto& g = told.gig;
  if (g.id.empty() || g.seller.id.empty()) co_return malformed(e);
  if (e.republished) co_return result<void>{};
  notice n;
  n.id = "gig.published/" + g.id;
  n.kind = "gig.published";
  n.link = "/gigs/" + g.id;
  n.at = e.time;
  n.title = g.title;
  n.facts = {{"gig_id", g.id}};
  co_return co_await teller_.tell(ctx, g.seller.id, std::move(n));
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
  (void)co_await cards_.forget(ctx, changed.handle);
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
  return {
      to("users.auth", {"auth.account.*"}, &listener::on_account),
      to("users.users", {"users.profile.updated"}, &listener::on_own_profile),
      to("users.cards", {"users.profile.updated", "users.seller.*"}, &listener::on_shown_change),
      to("users.sellers", {"users.seller.created"}, &listener::on_new_seller),
      to("users.gigs", {"gigs.gig.published"}, &listener::on_new_gig),
      to("users.orders", {"orders.order.*"}, &listener::on_order),
      to("users.reviews", {"reviews.review.published"}, &listener::on_review),
      to("users.replies", {"reviews.reply.published"}, &listener::on_reply)};
}

}  // namespace oficio::users
