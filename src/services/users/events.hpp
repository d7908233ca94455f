#pragma once

#include <vector>

#include "platform/hosting/service.hpp"
#include "services/users/cards.hpp"
#include "services/users/store/profiles.hpp"
#include "services/users/store/sellers.hpp"
#include "services/users/teller.hpp"

namespace oficio::users {

// What users does when something happens elsewhere: learns of accounts, keeps sellers' figures, and
// tells people what they should hear of. Every handler is harmless when it meets an event twice or
// late, and gives an error when it meets somebody whom it does not know yet, so that the bus tries
// again.
class listener {
 public:
  listener(profile_store& profiles, seller_store& sellers, teller& to, cards& shown,
           const wall_clock& clock);

  awaitable<result<void>> on_account(events::envelope e, context ctx);
  awaitable<result<void>> on_own_profile(events::envelope e, context ctx);
  // Forgets the cards of who changed, in case that whoever made the change could not.
  awaitable<result<void>> on_shown_change(events::envelope e, context ctx);
  awaitable<result<void>> on_order(events::envelope e, context ctx);
  awaitable<result<void>> on_review(events::envelope e, context ctx);
  awaitable<result<void>> on_reply(events::envelope e, context ctx);
  awaitable<result<void>> on_new_seller(events::envelope e, context ctx);
  awaitable<result<void>> on_new_gig(events::envelope e, context ctx);

 private:
  awaitable<result<void>> count_sale(const context& ctx, std::string seller_id,
                                     std::string order_id, time_point completed_at);
  awaitable<result<void>> change_seller(const context& ctx, std::string seller_id,
                                        seller_store::seller_change change);

  profile_store& profiles_;
  seller_store& sellers_;
  teller& teller_;
  cards& cards_;
  const wall_clock& clock_;
};

// `own` must outlive the subscriptions.
std::vector<hosting::subscription> subscriptions(listener& own);

}  // namespace oficio::users
