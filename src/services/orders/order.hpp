#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/result.hpp"
#include "platform/base/time.hpp"
#include "platform/payments/provider.hpp"
#include "services/orders/agreement.hpp"
#include "services/orders/ledger.hpp"
#include "services/orders/payment.hpp"
#include "services/orders/rules.hpp"

namespace oficio::orders {

inline constexpr std::chrono::minutes time_to_pay{60};
inline constexpr std::chrono::days time_to_object{3};
// How long an attempt may be at the provider before somebody else asks what became of it. Longer
// than any request may take.
inline constexpr std::chrono::seconds attempt_patience{30};
inline constexpr std::string_view offer_package = "custom";  // the package of an order on an offer
// How long an attempt whose provider is in trouble steps back: twice as long each time.
inline constexpr std::chrono::seconds first_step_back{30};
inline constexpr std::int64_t longest_doubling = 6;  // 32 minutes
inline constexpr std::size_t max_attempts = 20;
inline constexpr std::size_t max_deliveries = 50;

struct party {
  std::string id;
  std::string username;
  std::optional<std::string> avatar;
};
BOOST_DESCRIBE_STRUCT(party, (), (id, username, avatar))

struct order_requirements {
  std::string text;
  std::vector<std::string> files;
  time_point created_at;
};
BOOST_DESCRIBE_STRUCT(order_requirements, (), (text, files, created_at))

struct delivery {
  std::string id;
  std::string message;
  std::vector<std::string> files;
  time_point created_at;
};
BOOST_DESCRIBE_STRUCT(delivery, (), (id, message, files, created_at))

// What the buyer wants to be done again.
struct revision_request {
  std::string message;
  time_point created_at;
};
BOOST_DESCRIBE_STRUCT(revision_request, (), (message, created_at))

struct timeline_entry {
  std::string type;
  time_point at;
  side by = side::system;
};
BOOST_DESCRIBE_STRUCT(timeline_entry, (), (type, at, by))

struct review_mark {
  std::string id;
  std::int64_t rating = 0;
};
BOOST_DESCRIBE_STRUCT(review_mark, (), (id, rating))

struct review_marks {
  std::optional<review_mark> buyer;  // written by the buyer
  std::optional<review_mark> seller;
};
BOOST_DESCRIBE_STRUCT(review_marks, (), (buyer, seller))

// The request that made the order, under a unique index: a repeated one finds it.
struct order_creation {
  std::string account;
  std::string key;
  std::string digest;
};
BOOST_DESCRIBE_STRUCT(order_creation, (), (account, key, digest))

// A changing request that was done: a repeated one changes nothing.
struct done_request {
  std::string account;
  std::string key;
  std::string digest;
};
BOOST_DESCRIBE_STRUCT(done_request, (), (account, key, digest))

// What a transition tells the world.
struct raised_event {
  std::string type;  // "orders.order.placed"
  side by = side::system;
};

// The aggregate. Its methods are the transitions; each checks who may do it and when (rules.hpp),
// changes everything that goes with it, and notes the events that it raises. Pure: whoever calls
// brings the time and the ids. Amounts are minor units. People's transitions first let the time
// pass that nobody has looked at yet; after an error nothing else has changed.
struct order {
  std::string id;
  std::int64_t revision = 1;  // counts people's edits
  orders::status status = orders::status::pending_payment;
  bool late = false;
  order_creation creation;
  std::string origin;  // what it came from; unique, so an offer becomes an order once
  party buyer;
  party seller;
  std::string gig_id;
  std::string gig_title;
  std::int64_t gig_revision = 0;
  std::optional<std::string> offer_id;
  std::string package;
  std::int64_t quantity = 1;
  std::int64_t price = 0;  // unit price times quantity
  std::int64_t fee = 0;
  std::string currency;
  std::int64_t delivery_days = 0;
  std::int64_t revisions_left = 0;
  std::optional<time_point> due_at;
  std::optional<order_requirements> requirements;
  std::vector<delivery> deliveries;
  std::vector<revision_request> revision_requests;
  std::optional<order_extension> extension;
  std::optional<order_cancellation> cancellation;
  std::vector<timeline_entry> timeline;
  review_marks reviews;
  std::vector<ledger_line> ledger;
  std::vector<attempt> attempts;
  std::vector<done_request> requests;
  time_point created_at;
  std::optional<time_point> completed_at;
  std::optional<time_point> released_at;  // when the seller's money became theirs
  std::optional<time_point> wake_at;      // when time itself has something to do here

  // The events that the transitions since loading raise. Not kept.
  std::vector<raised_event> raised;

  std::int64_t total() const { return price + fee; }
  // Which of its people that account is; nothing for a stranger.
  std::optional<side> side_of(const std::string& account_id) const;

  // Notes a new order as placed. To be called once, after its terms were filled in.
  void place(time_point now);

  std::string next_attempt_id() const;
  // A new attempt to pay. One that waited for a confirmation is given up for it.
  // Errors: may()'s; conflict `payment_in_progress`, too_many `too_many_attempts`.
  result<void> begin_attempt(side by, attempt next, time_point now);
  // Sends the waiting attempt to the provider again; gives its id.
  // Errors: may()'s; conflict `payment_in_progress`, `no_confirmation`.
  result<std::string> begin_confirmation(side by, time_point now);
  // What the provider said about an attempt. A charge that the order has no use for any more (it is
  // cancelled, or another attempt paid it) is booked and its refund becomes due. Harmless when told
  // twice. True if it changed anything.
  bool settle(const payments::charge& outcome, time_point now);
  // The provider never charged the attempt.
  bool fail(const std::string& attempt_id, time_point now);
  // The provider gave the money back.
  bool refunded(const std::string& attempt_id, time_point now);
  // Nobody could say what became of the attempt, or give its money back: it is tried again later.
  void step_back(const std::string& attempt_id, time_point now);

  result<void> submit_requirements(side by, order_requirements what, time_point now);
  result<void> deliver(side by, delivery what, time_point now);
  // The clock stood still while the delivery lay with the buyer: the due date moves by that time.
  // Errors: may()'s; conflict `no_revisions_left`.
  result<void> request_revision(side by, std::string message, time_point now);
  result<void> accept(side by, time_point now);

  // Cancels at once with everything given back if that side may do so alone, else asks the other.
  // Errors: may()'s; conflict `cancellation_open`, too_many `too_many_cancellations`.
  result<void> cancel(side by, std::string reason, time_point now);
  // Errors: may()'s; conflict `no_cancellation`; forbidden `not_your_turn` for the one who asked.
  result<void> answer_cancellation(side by, bool approve, time_point now);
  // Errors: may()'s; conflict `extension_open`, too_many `too_many_extensions`.
  result<void> request_extension(side by, std::int64_t days, std::string reason, time_point now);
  // Only an approval moves the due date, and takes `late` back if that is in the future again.
  // Errors: may()'s; conflict `no_extension`.
  result<void> answer_extension(side by, bool approve, time_point now);

  // Expires, closes or becomes late, whatever is due. True if it changed anything.
  bool let_time_pass(time_point now);

  bool mark_reviewed(side by, review_mark what);

  const attempt* find_attempt(const std::string& attempt_id) const;
  // The attempt of the last pay, if any.
  const attempt* last_attempt() const { return attempts.empty() ? nullptr : &attempts.back(); }

  // Has that account's request been done already? Error: invalid `idempotency_mismatch`.
  result<bool> was_done(const done_request& r) const;
  void remember(done_request r);  // the last 20

 private:
  void note(std::string type, side by, time_point now);
  void raise(std::string_view type, side by);
  result<void> turn(action what, side by, time_point now);
  bool cancels_alone(side by) const;
  void let_requests_lapse();
  void complete(side by, time_point now);
  void end_cancelled(side by, time_point now);
  void take_payment(attempt& with, time_point now);
  void give_back(attempt& charged, time_point now);
  attempt* attempt_of(const std::string& attempt_id);
  void plan();
};
BOOST_DESCRIBE_STRUCT(order, (),
                      (id, revision, status, late, creation, origin, buyer, seller, gig_id,
                       gig_title, gig_revision, offer_id, package, quantity, price, fee, currency,
                       delivery_days, revisions_left, due_at, requirements, deliveries,
                       revision_requests, extension, cancellation, timeline, reviews, ledger,
                       attempts, requests, created_at, completed_at, released_at, wake_at))

}  // namespace oficio::orders
