#pragma once

#include <string>

#include "platform/base/identity.hpp"
#include "services/orders/offers.hpp"
#include "services/orders/requests.hpp"
#include "services/orders/terms.hpp"

namespace oficio::orders {

// What an order is made of, besides what it is for. Pure, like the order itself.
struct drafting {
  identity buyer;
  std::string currency;  // the installation's
  time_point now;
};

// An order on a gig's package. Errors: forbidden `own_gig`; invalid `unknown_package`,
// `currency_mismatch`; conflict `gig_changed`.
result<order> draft_of(const gig_terms& gig, const place_request& wish, const drafting& d);

// An order on an offer. Errors: not_found for everybody but its two people; forbidden `own_offer`;
// conflict `offer_closed` when it expired, was declined or withdrawn; invalid `currency_mismatch`;
// conflict `offer_changed` when another total is expected.
result<order> draft_of(const offer_terms& offer, const place_request& wish, const drafting& d);

error offer_closed();

}  // namespace oficio::orders
