// The part of the aggregate that deals with money's way in and back.
#include <algorithm>
#include <utility>

#include "services/orders/order.hpp"

namespace oficio::orders {
namespace {

error in_progress() {
  return {errc::conflict,
          "payment_in_progress",
          "A payment of this order is being made; its outcome is not known yet.",
          {},
          std::chrono::seconds(2)};
}

bool at_provider(const std::vector<attempt>& attempts) {
  return std::ranges::any_of(attempts,
                             [](const attempt& a) { return a.state == attempt_state::started; });
}

}  // namespace

result<void> order::begin_attempt(side by, attempt next, time_point now) {
  TRY_VOID(turn(action::pay, by, now));
  if (at_provider(attempts)) return in_progress();
  if (attempts.size() >= max_attempts) {
    return error{errc::too_many, "too_many_attempts",
                 "This order was tried to be paid too often. Place a new one."};
  }
  for (auto& a : attempts) {
    if (a.state == attempt_state::needs_confirmation) a.state = attempt_state::failed;
  }
  next.state = attempt_state::started;
  next.started_at = now;
  next.check_at = now + attempt_patience;
  attempts.push_back(std::move(next));
  plan();
  return {};
}

result<std::string> order::begin_confirmation(side by, time_point now) {
  TRY_VOID(turn(action::pay, by, now));
  if (at_provider(attempts)) return in_progress();
  auto waiting = std::ranges::find(attempts, attempt_state::needs_confirmation, &attempt::state);
  if (waiting == attempts.end()) {
    return error{errc::conflict, "no_confirmation",
                 "No payment of this order waits for a confirmation."};
  }
  waiting->state = attempt_state::started;
  waiting->started_at = now;
  waiting->check_at = now + attempt_patience;
  waiting->troubles = 0;
  plan();
  return waiting->id;
}

bool order::settle(const payments::charge& outcome, time_point now) {
  auto* a = attempt_of(outcome.attempt_id);
  if (!a || a->state == attempt_state::succeeded) return false;
  switch (outcome.outcome) {
    case payments::outcome::succeeded:
      let_time_pass(now);  // paid too late, even if nobody has looked yet
      a->check_at.reset();
      a->state = attempt_state::succeeded;
      take_payment(*a, now);
      break;
    case payments::outcome::declined:
      if (a->state != attempt_state::started) return false;
      a->check_at.reset();
      a->state = attempt_state::declined;
      a->decline_code = outcome.decline_code.empty() ? "card_declined" : outcome.decline_code;
      break;
    case payments::outcome::needs_confirmation:
      if (a->state != attempt_state::started) return false;
      a->check_at.reset();
      a->state = status == status::pending_payment ? attempt_state::needs_confirmation
                                                   : attempt_state::failed;
      break;
  }
  plan();
  return true;
}

bool order::fail(const std::string& attempt_id, time_point) {
  auto* a = attempt_of(attempt_id);
  if (!a || a->state != attempt_state::started) return false;
  a->state = attempt_state::failed;
  a->check_at.reset();
  plan();
  return true;
}

bool order::refunded(const std::string& attempt_id, time_point now) {
  auto* a = attempt_of(attempt_id);
  if (!a || a->refund != refund_state::due) return false;
  a->refund = refund_state::done;
  a->check_at.reset();
  note("refunded", side::system, now);
  plan();
  return true;
}

void order::step_back(const std::string& attempt_id, time_point now) {
  auto* a = attempt_of(attempt_id);
  if (!a || !a->check_at) return;
  a->check_at = now + first_step_back * (1 << std::min(a->troubles, longest_doubling));
  ++a->troubles;
  plan();
}

std::string order::next_attempt_id() const {
  return id + '.' + std::to_string(attempts.size() + 1);
}

std::string order_of_attempt(const std::string& attempt_id) {
  return attempt_id.substr(0, attempt_id.find('.'));
}

const attempt* order::find_attempt(const std::string& attempt_id) const {
  auto found = std::ranges::find(attempts, attempt_id, &attempt::id);
  return found == attempts.end() ? nullptr : &*found;
}

// The money came, whether it is still wanted or not.
void order::take_payment(attempt& with, time_point now) {
  book_payment(ledger, id, price, fee, now);
  if (status != status::pending_payment) return give_back(with, now);
  status = status::awaiting_requirements;
  ++revision;
  note("paid", side::buyer, now);
  raise("paid", side::buyer);
}

void order::give_back(attempt& charged, time_point now) {
  book_refund(ledger, id, price, fee, now);
  charged.refund = refund_state::due;
  charged.check_at = now;
  charged.troubles = 0;
}

attempt* order::attempt_of(const std::string& attempt_id) {
  auto found = std::ranges::find(attempts, attempt_id, &attempt::id);
  return found == attempts.end() ? nullptr : &*found;
}

}  // namespace oficio::orders
