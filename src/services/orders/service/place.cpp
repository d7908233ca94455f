// Placing an order by our own copy of the gig's terms.
#include <utility>

#include "platform/base/uuid.hpp"
#include "platform/runtime/timing.hpp"
#include "services/orders/service.hpp"

namespace oficio::orders {
namespace {

using std::chrono::milliseconds;

// The event of a gig that was published or changed a moment ago may still be on its way.
constexpr milliseconds patience{1'000};
constexpr milliseconds between_looks{25};
constexpr milliseconds fresh_for{10'000};

bool is_fresh(const std::string& id, time_point now) {
  auto made = uuid_time(id);
  // Ids come from outside: one from the future is not new, but invented.
  return made && now - *made < fresh_for && *made - now < fresh_for;
}

error no_gig() {
  return not_found("The gig");
}

error changed(std::string detail) {
  return {errc::conflict, "gig_changed", std::move(detail)};
}

std::string in_words(std::int64_t amount, const std::string& currency) {
  auto cents = std::to_string(amount % 100);
  return std::to_string(amount / 100) + '.' + (cents.size() < 2 ? "0" : "") + cents + ' ' +
         currency;
}

}  // namespace

awaitable<result<placed_order>> service::place(const context& ctx, place_request wish,
                                               done_request request) {
  if (!request.key.empty()) {
    CO_TRY(auto made, co_await orders_.find_created(ctx, ctx.who.sub, request.key));
    if (made) co_return co_await place_again(std::move(*made), std::move(request));
  }
  CO_TRY(auto terms, co_await terms_for(ctx, wish));
  if (!terms || !terms->orderable) co_return no_gig();
  CO_TRY(auto o, draft(ctx, *terms, wish));
  o.creation = {ctx.who.sub, request.key, request.digest};
  // Under a unique index every order needs a key; a space cannot come from a header.
  if (request.key.empty()) o.creation.key = "none " + o.id;
  o.place(clock_.now());
  auto written = co_await orders_.insert(ctx, std::move(o));
  if (written) co_return placed_order{std::move(*written), true};
  if (written.error().code != "duplicate" || request.key.empty()) {
    co_return std::move(written).error();
  }
  CO_TRY(auto made, co_await orders_.find_created(ctx, ctx.who.sub, request.key));
  if (!made) co_return std::move(written).error();
  co_return co_await place_again(std::move(*made), std::move(request));
}

awaitable<result<placed_order>> service::place_again(order made, done_request request) {
  if (made.creation.digest != request.digest) {
    co_return error{errc::invalid, "idempotency_mismatch",
                    "This Idempotency-Key was used for another order."};
  }
  co_return placed_order{std::move(made), false};
}

// The gig's terms, waited for where they can be expected to come.
awaitable<result<std::optional<gig_terms>>> service::terms_for(const context& ctx,
                                                               const place_request& wish) {
  auto give_up = std::chrono::steady_clock::now() + std::min(patience, ctx.remaining());
  for (;;) {
    CO_TRY(auto terms, co_await gigs_.get(ctx, wish.gig_id));
    bool expected = terms ? terms->revision < wish.gig_revision.value_or(0)
                          : is_fresh(wish.gig_id, clock_.now());
    if (!expected || std::chrono::steady_clock::now() >= give_up) co_return terms;
    co_await runtime::sleep_for(between_looks);
  }
}

result<order> service::draft(const context& ctx, const gig_terms& terms,
                             const place_request& wish) const {
  if (terms.seller.id == ctx.who.sub) {
    return error{errc::forbidden, "own_gig", "Nobody can order their own gig."};
  }
  const auto* package = terms.find_package(wish.package);
  if (!package) {
    return error{errc::invalid,
                 "unknown_package",
                 "The gig has no such package.",
                 {{"/package", "unknown_package", "is not a package of this gig"}}};
  }
  if (terms.currency != currency_) {
    return error{
        errc::invalid,
        "currency_mismatch",
        "This gig is priced in " + terms.currency + "; orders are paid in " + currency_ + ".",
        {{"/gig_id", "currency_mismatch", "is priced in another currency"}}};
  }
  if (terms.revision < wish.gig_revision.value_or(0)) {
    return changed("The gig's terms that you saw are not known here; look at the gig again.");
  }
  auto now = clock_.now();
  order o;
  o.id = uuid_v7(now);
  o.buyer = {ctx.who.sub, ctx.who.username, {}};
  o.seller = terms.seller;
  o.gig_id = terms.id;
  o.gig_title = terms.title;
  o.gig_revision = terms.revision;
  o.package = package->name;
  o.quantity = wish.quantity.value_or(1);
  o.price = package->price * o.quantity;
  o.fee = buyer_fee(o.price);
  o.currency = terms.currency;
  o.delivery_days = package->delivery_days;
  o.revisions_left = package->revisions;
  if (o.total() != wish.expected_total) {
    return changed("The total is " + in_words(o.total(), o.currency) + " (" +
                   std::to_string(o.total()) + " in minor units) now, fee included.");
  }
  return o;
}

}  // namespace oficio::orders
