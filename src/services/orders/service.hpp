#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/files/shelf.hpp"
#include "platform/payments/provider.hpp"
#include "platform/telemetry/log.hpp"
#include "services/orders/copies.hpp"
#include "services/orders/offers.hpp"
#include "services/orders/requests.hpp"
#include "services/orders/store.hpp"
#include "services/orders/terms.hpp"

namespace oficio::orders {

struct placed_order {
  orders::order order;
  bool fresh = false;  // false: this request had made it before
};

struct payment_answer {
  orders::order order;
  std::string confirmation_token;  // empty unless the buyer has a second step to make
};

// The use cases. `ctx.who` is who acts; strangers get not_found.
class service {
 public:
  // `kept_files` is null where no files are kept.
  service(order_store& orders, copies<gig_terms>& gigs, copies<offer_terms>& offers,
          payments::provider& payments, std::string currency, const wall_clock& clock,
          telemetry::logger log, files::shelf* kept_files);

  // Errors: not_found (no such gig or offer, or not for sale), invalid `idempotency_mismatch`, and
  // draft_of()'s.
  awaitable<result<placed_order>> place(const context& ctx, place_request wish,
                                        done_request request);
  awaitable<result<order>> get(const context& ctx, std::string id);
  awaitable<result<std::vector<order>>> list(const context& ctx, order_filter f);

  // Errors: payment_required `card_declined`, conflict `payment_in_progress`, `wrong_state`,
  // invalid `invalid_card`, `invalid_confirmation`; unavailable and timeout when nobody knows the
  // outcome yet.
  awaitable<result<payment_answer>> pay(const context& ctx, std::string id, pay_request how,
                                        edit e);

  awaitable<result<order>> submit_requirements(const context& ctx, std::string id,
                                               requirements_request what, edit e);
  awaitable<result<order>> deliver(const context& ctx, std::string id, deliver_request what,
                                   edit e);
  awaitable<result<order>> request_revision(const context& ctx, std::string id, revise_request what,
                                            edit e);
  awaitable<result<order>> accept(const context& ctx, std::string id, edit e);
  awaitable<result<order>> cancel(const context& ctx, std::string id, cancel_request what, edit e);
  awaitable<result<order>> answer_cancellation(const context& ctx, std::string id, bool approve,
                                               edit e);
  awaitable<result<order>> request_extension(const context& ctx, std::string id,
                                             extend_request what, edit e);
  awaitable<result<order>> answer_extension(const context& ctx, std::string id, bool approve,
                                            edit e);

  // What the payment provider told by itself. Of an attempt that is not ours: nothing.
  awaitable<result<void>> hear(const context& ctx, payments::notice told);

  awaitable<result<void>> mark_reviewed(const context& ctx, std::string order_id, side by,
                                        review_mark mark);

  // Does what time has made due: expiry, completion, lateness, payments and refunds left open.
  awaitable<result<void>> work_on_due(const context& ctx);

 private:
  using transition = std::function<result<void>(order&, side, time_point now)>;
  // A step that brings files: they are bound to the order before it, and settled after.
  awaitable<result<order>> change_with(const context& ctx, std::string id, edit e, std::string step,
                                       std::vector<std::string> brought, transition act);
  awaitable<result<order>> change(const context& ctx, std::string id, edit e, transition act);

  awaitable<result<gig_terms>> gig_for(const context& ctx, const place_request& wish);
  awaitable<result<offer_terms>> offer_for(const context& ctx, std::string offer_id);
  awaitable<result<order>> draft(const context& ctx, const place_request& wish);
  awaitable<result<placed_order>> place_again(order made, done_request request);

  struct started {
    orders::order order;
    std::string attempt_id;  // empty: this request was done before
  };
  awaitable<result<started>> begin(const context& ctx, std::string id, const pay_request& how,
                                   edit e);
  awaitable<result<payments::charge>> ask_provider(const context& ctx, const started& s,
                                                   pay_request how);
  awaitable<result<order>> record(const context& ctx, std::string id, payments::charge outcome);
  awaitable<void> record_refusal(const context& ctx, std::string id, std::string attempt_id,
                                 bool waits_again);
  awaitable<result<payment_answer>> answer(const context& ctx, order o, std::string token);
  // Asks the provider what became of an attempt, and writes it down.
  awaitable<result<void>> resolve(const context& ctx, std::string id, attempt a);

  awaitable<result<void>> work_on(const context& ctx, const order& o);
  awaitable<result<void>> give_back(const context& ctx, std::string id, attempt a);
  awaitable<result<void>> work_safely(const context& ctx, const order& o);
  awaitable<void> postpone(const context& ctx, const order& o);

  order_store& orders_;
  copies<gig_terms>& gigs_;
  copies<offer_terms>& offers_;
  payments::provider& payments_;
  std::string currency_;
  const wall_clock& clock_;
  telemetry::logger log_;
  files::shelf* files_;
};

}  // namespace oficio::orders
