#include "services/orders/draft.hpp"

#include <utility>

#include "platform/base/uuid.hpp"

namespace oficio::orders {
namespace {

std::string in_words(std::int64_t amount, const std::string& currency) {
  auto cents = std::to_string(amount % 100);
  return std::to_string(amount / 100) + '.' + (cents.size() < 2 ? "0" : "") + cents + ' ' +
         currency;
}

error mismatch(std::string pointer, const std::string& theirs, const std::string& ours) {
  return {errc::invalid,
          "currency_mismatch",
          "This is priced in " + theirs + "; orders are paid in " + ours + ".",
          {{std::move(pointer), "currency_mismatch", "is priced in another currency"}}};
}

result<void> expect_total(const order& o, std::int64_t expected, std::string code) {
  if (o.total() == expected) return {};
  return error{errc::conflict, std::move(code),
               "The total is " + in_words(o.total(), o.currency) + " (" +
                   std::to_string(o.total()) + " in minor units) now, fee included."};
}

order begun(const drafting& d, std::int64_t price) {
  order o;
  o.id = uuid_v7(d.now);
  o.buyer = {d.buyer.sub, d.buyer.username, {}};
  o.price = price;
  o.fee = buyer_fee(price);
  o.currency = d.currency;
  return o;
}

}  // namespace

error offer_closed() {
  return {errc::conflict, "offer_closed",
          "This offer was ordered, declined or withdrawn, or its time has passed."};
}

result<order> draft_of(const gig_terms& gig, const place_request& wish, const drafting& d) {
  if (gig.seller.id == d.buyer.sub) {
    return error{errc::forbidden, "own_gig", "Nobody can order their own gig."};
  }
  const auto* package = gig.find_package(wish.package.value_or(""));
  if (!package) {
    return error{errc::invalid,
                 "unknown_package",
                 "The gig has no such package.",
                 {{"/package", "unknown_package", "is not a package of this gig"}}};
  }
  if (gig.currency != d.currency) return mismatch("/gig_id", gig.currency, d.currency);
  if (gig.revision < wish.gig_revision.value_or(0)) {
    return error{errc::conflict, "gig_changed",
                 "The gig's terms that you saw are not known here; look at the gig again."};
  }
  auto quantity = wish.quantity.value_or(1);
  auto o = begun(d, package->price * quantity);
  o.seller = gig.seller;
  o.gig_id = gig.id;
  o.gig_title = gig.title;
  o.gig_revision = gig.revision;
  o.package = package->name;
  o.quantity = quantity;
  o.delivery_days = package->delivery_days;
  o.revisions_left = package->revisions;
  o.origin = "gig " + o.id;
  TRY_VOID(expect_total(o, wish.expected_total, "gig_changed"));
  return o;
}

result<order> draft_of(const offer_terms& offer, const place_request& wish, const drafting& d) {
  if (offer.seller.id == d.buyer.sub) {
    return error{errc::forbidden, "own_offer", "Nobody can order their own offer."};
  }
  if (offer.buyer_id != d.buyer.sub) return not_found("The offer");
  if (!offer.can_be_ordered(d.now)) return offer_closed();
  if (offer.currency != d.currency) return mismatch("/offer_id", offer.currency, d.currency);
  auto o = begun(d, offer.price);
  o.seller = offer.seller;
  o.gig_id = offer.gig_id;
  o.gig_title = offer.title;
  o.offer_id = offer.id;
  o.package = std::string(offer_package);
  o.delivery_days = offer.delivery_days;
  o.revisions_left = offer.revisions;
  o.origin = "offer " + offer.id;
  TRY_VOID(expect_total(o, wish.expected_total, "offer_changed"));
  return o;
}

}  // namespace oficio::orders
