#include "services/orders/order.hpp"

#include <algorithm>
#include <utility>

namespace oficio::orders {
namespace {

constexpr std::size_t remembered_requests = 20;

}  // namespace

std::optional<side> order::side_of(const std::string& account_id) const {
  if (account_id.empty()) return std::nullopt;
  if (account_id == buyer.id) return side::buyer;
  if (account_id == seller.id) return side::seller;
  return std::nullopt;
}

void order::place(time_point now) {
  created_at = now;
  note("placed", side::buyer, now);
  raise("placed", side::buyer);
  plan();
}

// May that side do it, now that the time has passed that nobody had looked at?
result<void> order::turn(action what, side by, time_point now) {
  let_time_pass(now);
  return may(what, by, status);
}

result<void> order::submit_requirements(side by, order_requirements what, time_point now) {
  TRY_VOID(turn(action::submit_requirements, by, now));
  what.created_at = now;
  requirements = std::move(what);
  status = status::in_progress;
  due_at = now + std::chrono::days(delivery_days);
  ++revision;
  note("started", by, now);
  raise("started", by);
  plan();
  return {};
}

result<void> order::deliver(side by, delivery what, time_point now) {
  TRY_VOID(turn(action::deliver, by, now));
  if (deliveries.size() >= max_deliveries) {
    return error{errc::too_many, "too_many_deliveries",
                 "An order takes at most " + std::to_string(max_deliveries) + " deliveries."};
  }
  what.created_at = now;
  deliveries.push_back(std::move(what));
  status = status::delivered;
  let_requests_lapse();
  ++revision;
  note("delivered", by, now);
  raise("delivered", by);
  plan();
  return {};
}

result<void> order::request_revision(side by, std::string message, time_point now) {
  TRY_VOID(turn(action::request_revision, by, now));
  if (revisions_left <= 0) {
    return error{errc::conflict, "no_revisions_left",
                 "All revisions that belong to this order have been asked for."};
  }
  --revisions_left;
  revision_requests.push_back({std::move(message), now});
  status = status::in_progress;
  due_at = *due_at + (now - deliveries.back().created_at);
  ++revision;
  note("revision_requested", by, now);
  raise("revision_requested", by);
  plan();
  return {};
}

result<void> order::accept(side by, time_point now) {
  TRY_VOID(turn(action::accept, by, now));
  ++revision;
  complete(by, now);
  return {};
}

bool order::let_time_pass(time_point now) {
  if (may(action::expire, side::system, status) && now >= created_at + time_to_pay) {
    end_cancelled(side::system, now);
    return true;
  }
  if (may(action::close, side::system, status) &&
      now >= deliveries.back().created_at + time_to_object) {
    complete(side::system, now);
    return true;
  }
  if (may(action::become_late, side::system, status) && !late && due_at && now > *due_at) {
    late = true;
    note("late", side::system, now);
    raise("late", side::system);
    plan();
    return true;
  }
  return false;
}

void order::complete(side by, time_point now) {
  status = status::completed;
  completed_at = now;
  released_at = now;
  let_requests_lapse();
  book_release(ledger, id, price, fee, now);
  note("completed", by, now);
  raise("completed", by);
  plan();
}

void order::end_cancelled(side by, time_point now) {
  status = status::cancelled;
  let_requests_lapse();
  note("cancelled", by, now);
  for (auto& a : attempts) {
    if (a.state == attempt_state::succeeded && a.refund == refund_state::none) give_back(a, now);
    if (a.state == attempt_state::needs_confirmation) a.state = attempt_state::failed;
  }
  raise("cancelled", by);
  plan();
}

bool order::mark_reviewed(side by, review_mark what) {
  auto& mark = by == side::buyer ? reviews.buyer : reviews.seller;
  if (mark && mark->id == what.id) return false;
  mark = std::move(what);
  return true;
}

result<bool> order::was_done(const done_request& r) const {
  if (r.key.empty()) return false;
  auto found = std::ranges::find_if(
      requests, [&](const done_request& d) { return d.account == r.account && d.key == r.key; });
  if (found == requests.end()) return false;
  if (found->digest != r.digest) {
    return error{errc::invalid, "idempotency_mismatch",
                 "This Idempotency-Key was used for another request."};
  }
  return true;
}

void order::remember(done_request r) {
  if (r.key.empty()) return;
  requests.push_back(std::move(r));
  if (requests.size() > remembered_requests) requests.erase(requests.begin());
}

void order::raise(std::string_view type, side by) {
  raised.push_back({"orders.order." + std::string(type), by});
}

void order::note(std::string type, side by, time_point now) {
  timeline.push_back({std::move(type), now, by});
}

// The next instant at which let_time_pass() or the provider has something to do with this order.
void order::plan() {
  wake_at.reset();
  auto wake = [this](time_point when) { wake_at = wake_at ? std::min(*wake_at, when) : when; };
  if (status == status::pending_payment) wake(created_at + time_to_pay);
  if (status == status::delivered) wake(deliveries.back().created_at + time_to_object);
  if (status == status::in_progress && !late && due_at) {
    wake(*due_at + std::chrono::milliseconds(1));
  }
  for (const auto& a : attempts) {
    if (a.check_at) wake(*a.check_at);
  }
}

}  // namespace oficio::orders
