#include "services/orders/events.hpp"

#include <utility>

#include "platform/json/json.hpp"

namespace oficio::orders {
namespace {

struct told_review {
  std::string id;
  std::string order_id;
  std::int64_t rating = 0;
};
BOOST_DESCRIBE_STRUCT(told_review, (), (id, order_id, rating))

struct told {
  told_review review;
  orders::side side = orders::side::buyer;  // who wrote it
};
BOOST_DESCRIBE_STRUCT(told, (), (review, side))

awaitable<result<void>> on_gig(copies<gig_terms>& gigs, events::envelope e, context ctx) {
  CO_TRY(auto terms, read_terms(e.type, e.version(), e.data));
  co_return co_await gigs.learn(ctx, std::move(terms));
}

awaitable<result<void>> on_offer(copies<offer_terms>& offers, events::envelope e, context ctx) {
  CO_TRY(auto terms, read_offer(e.type, e.version(), e.data));
  co_return co_await offers.learn(ctx, std::move(terms));
}

awaitable<result<void>> on_seller(copies<known_seller>& sellers, events::envelope e, context ctx) {
  CO_TRY(auto seller, read_seller(e.version(), e.data));
  co_return co_await sellers.learn(ctx, std::move(seller));
}

awaitable<result<void>> on_review(service& orders, events::envelope e, context ctx) {
  CO_TRY(auto event, json::from_stored<told>(boost::json::value(e.data)));
  auto marked = co_await orders.mark_reviewed(ctx, event.review.order_id, event.side,
                                              {event.review.id, event.review.rating});
  // A review of an order that is not ours is nothing that another attempt could change.
  if (!marked && marked.error().kind == errc::not_found) co_return result<void>{};
  co_return marked;
}

}  // namespace

std::vector<hosting::subscription> subscriptions(copies<gig_terms>& gigs,
                                                 copies<offer_terms>& offers,
                                                 copies<known_seller>& sellers, service& orders) {
  return {{{.name = "orders.gigs", .patterns = {"gigs.gig.*"}},
           [&gigs](const events::envelope& e, const context& ctx) { return on_gig(gigs, e, ctx); }},
          {{.name = "orders.offers", .patterns = {"chat.offer.*"}},
           [&offers](const events::envelope& e, const context& ctx) {
             return on_offer(offers, e, ctx);
           }},
          {{.name = "orders.sellers", .patterns = {"users.seller.created"}},
           [&sellers](const events::envelope& e, const context& ctx) {
             return on_seller(sellers, e, ctx);
           }},
          {{.name = "orders.reviews", .patterns = {"reviews.review.published"}},
           [&orders](const events::envelope& e, const context& ctx) {
             return on_review(orders, e, ctx);
           }}};
}

}  // namespace oficio::orders
