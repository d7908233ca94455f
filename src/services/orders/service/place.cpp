// Placing an order by our own copies of gigs and offers.
#include <utility>

#include "services/orders/draft.hpp"
#include "services/orders/looking.hpp"
#include "services/orders/service.hpp"

namespace oficio::orders {

awaitable<result<placed_order>> service::place(const context& ctx, place_request wish,
                                               done_request request) {
  if (!request.key.empty()) {
    CO_TRY(auto made, co_await orders_.find_created(ctx, ctx.who.sub, request.key));
    if (made) co_return co_await place_again(std::move(*made), std::move(request));
  }
  CO_TRY(auto o, co_await draft(ctx, wish));
  o.creation = {ctx.who.sub, request.key, request.digest};
  // Under a unique index every order needs a key; a space cannot come from a header.
  if (request.key.empty()) o.creation.key = "none " + o.id;
  o.place(clock_.now());
  auto written = co_await orders_.insert(ctx, std::move(o));
  if (written) co_return placed_order{std::move(*written), true};
  if (written.error().code != "duplicate") co_return std::move(written).error();
  // This very request was quicker elsewhere, or another one took the offer.
  if (!request.key.empty()) {
    CO_TRY(auto made, co_await orders_.find_created(ctx, ctx.who.sub, request.key));
    if (made) co_return co_await place_again(std::move(*made), std::move(request));
  }
  if (wish.offer_id) co_return offer_closed();
  co_return std::move(written).error();
}

awaitable<result<placed_order>> service::place_again(order made, done_request request) {
  if (made.creation.digest != request.digest) {
    co_return error{errc::invalid, "idempotency_mismatch",
                    "This Idempotency-Key was used for another order."};
  }
  co_return placed_order{std::move(made), false};
}

awaitable<result<order>> service::draft(const context& ctx, const place_request& wish) {
  drafting d{ctx.who, currency_, {}};
  if (wish.offer_id) {
    CO_TRY(auto offer, co_await offer_for(ctx, *wish.offer_id));
    d.now = clock_.now();
    co_return draft_of(offer, wish, d);
  }
  CO_TRY(auto gig, co_await gig_for(ctx, wish));
  d.now = clock_.now();
  co_return draft_of(gig, wish, d);
}

awaitable<result<gig_terms>> service::gig_for(const context& ctx, const place_request& wish) {
  std::string id = wish.gig_id.value_or("");
  auto settled = [&](const std::optional<gig_terms>& found) {
    return found ? found->revision >= wish.gig_revision.value_or(0) : !is_fresh(id, clock_.now());
  };
  CO_TRY(auto found, co_await look(ctx, gigs_, id, settled));
  if (!found || !found->orderable) co_return not_found("The gig");
  co_return std::move(*found);
}

awaitable<result<offer_terms>> service::offer_for(const context& ctx, std::string offer_id) {
  auto settled = [&](const std::optional<offer_terms>& found) {
    return found || !is_fresh(offer_id, clock_.now());
  };
  CO_TRY(auto found, co_await look(ctx, offers_, offer_id, settled));
  if (!found) co_return not_found("The offer");
  co_return std::move(*found);
}

}  // namespace oficio::orders
