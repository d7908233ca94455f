// The part of the aggregate in which one side asks and the other answers: more time, and
// cancelling.
#include <algorithm>
#include <utility>

#include "services/orders/order.hpp"

namespace oficio::orders {
namespace {

constexpr std::string_view extension_asked = "extension_requested";
constexpr std::string_view cancellation_asked = "cancellation_requested";

template <class Request>
bool is_open(const std::optional<Request>& r) {
  return r && r->status == agreement::open;
}

std::size_t times(const std::vector<timeline_entry>& timeline, std::string_view type, side by) {
  return static_cast<std::size_t>(std::ranges::count_if(
      timeline, [&](const timeline_entry& e) { return e.by == by && e.type == type; }));
}

error asked_too_often(std::string code, std::string what) {
  return {errc::too_many, std::move(code),
          "This order was asked too often for " + std::move(what) + "."};
}

agreement answered(bool approve) {
  return approve ? agreement::approved : agreement::rejected;
}

std::string answer_type(std::string_view what, bool approve) {
  return std::string(what) + (approve ? "_approved" : "_rejected");
}

}  // namespace

result<void> order::request_extension(side by, std::int64_t days, std::string reason,
                                      time_point now) {
  TRY_VOID(turn(action::request_extension, by, now));
  if (is_open(extension)) {
    return error{errc::conflict, "extension_open",
                 "The buyer has not answered the last request for more time yet."};
  }
  if (times(timeline, extension_asked, by) >= max_extensions) {
    return asked_too_often("too_many_extensions", "more time");
  }
  extension = order_extension{days, std::move(reason), agreement::open};
  ++revision;
  note(std::string(extension_asked), by, now);
  raise("extension_requested", by);
  return {};
}

result<void> order::answer_extension(side by, bool approve, time_point now) {
  TRY_VOID(turn(action::answer_extension, by, now));
  if (!is_open(extension)) {
    return error{errc::conflict, "no_extension", "No request for more time waits for an answer."};
  }
  extension->status = answered(approve);
  if (approve) {
    due_at = *due_at + std::chrono::days(extension->days);
    late = now > *due_at;
  }
  ++revision;
  note(answer_type("extension", approve), by, now);
  raise("extension_answered", by);
  plan();
  return {};
}

// Before work starts, and when the work does not come in time, the buyer needs nobody's consent;
// the seller needs none as long as nothing was delivered.
bool order::cancels_alone(side by) const {
  if (by == side::seller) return deliveries.empty();
  return status == status::pending_payment || status == status::awaiting_requirements ||
         (status == status::in_progress && late);
}

result<void> order::cancel(side by, std::string reason, time_point now) {
  TRY_VOID(turn(action::cancel, by, now));
  if (cancels_alone(by)) {
    cancellation = order_cancellation{by, std::move(reason), agreement::approved};
    ++revision;
    end_cancelled(by, now);
    return {};
  }
  if (is_open(cancellation)) {
    return error{errc::conflict, "cancellation_open",
                 "A request to cancel this order waits for an answer already."};
  }
  if (times(timeline, cancellation_asked, by) >= max_cancellation_requests) {
    return asked_too_often("too_many_cancellations", "a cancellation");
  }
  cancellation = order_cancellation{by, std::move(reason), agreement::open};
  ++revision;
  note(std::string(cancellation_asked), by, now);
  raise("cancellation_requested", by);
  return {};
}

result<void> order::answer_cancellation(side by, bool approve, time_point now) {
  TRY_VOID(turn(action::answer_cancellation, by, now));
  if (!is_open(cancellation)) {
    return error{errc::conflict, "no_cancellation", "No request to cancel waits for an answer."};
  }
  if (cancellation->by == by) {
    return error{errc::forbidden, "not_your_turn",
                 "Only the other side can answer a request to cancel."};
  }
  cancellation->status = answered(approve);
  ++revision;
  note(answer_type("cancellation", approve), by, now);
  raise("cancellation_answered", by);
  if (approve) end_cancelled(by, now);
  return {};
}

// What nobody can answer any more.
void order::let_requests_lapse() {
  if (is_open(extension) && status != status::in_progress) extension->status = agreement::lapsed;
  bool over = status == status::completed || status == status::cancelled;
  if (is_open(cancellation) && over) cancellation->status = agreement::lapsed;
}

}  // namespace oficio::orders
