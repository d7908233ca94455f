#pragma once

#include "platform/base/time.hpp"
#include "services/orders/order.hpp"

namespace oficio::orders::testing_help {

inline const time_point start = parse_time("2026-03-01T10:00:00Z").value();

inline order placed(std::int64_t price = 12'500) {
  order o;
  o.id = "order-1";
  o.buyer = {"b", "buyer", {}};
  o.seller = {"s", "seller", {}};
  o.package = "basic";
  o.price = price;
  o.fee = buyer_fee(price);
  o.currency = "USD";
  o.delivery_days = 3;
  o.revisions_left = 1;
  o.place(start);
  return o;
}

inline payments::charge charged(std::string attempt_id,
                                payments::outcome what = payments::outcome::succeeded) {
  return {std::move(attempt_id), what, "ref", "", ""};
}

inline attempt trying(std::string id) {
  attempt a;
  a.id = std::move(id);
  return a;
}

inline order paid(std::int64_t price = 12'500) {
  auto o = placed(price);
  o.begin_attempt(side::buyer, trying("a1"), start).value();
  o.settle(charged("a1"), start);
  return o;
}

inline std::vector<std::string> raised_types(const order& o) {
  std::vector<std::string> out;
  for (const auto& e : o.raised) out.push_back(e.type);
  return out;
}

// An order that came to that state in the ordinary way.
inline order order_in(status wanted) {
  if (wanted == status::pending_payment) return placed();
  if (wanted == status::cancelled) {
    auto o = placed();
    o.cancel(side::buyer, "no", start).value();
    return o;
  }
  auto o = paid();
  if (wanted == status::awaiting_requirements) return o;
  o.submit_requirements(side::buyer, {"text", {}, {}}, start).value();
  if (wanted == status::in_progress) return o;
  o.deliver(side::seller, {"d1", "here", {}, {}}, start).value();
  if (wanted == status::delivered) return o;
  o.accept(side::buyer, start).value();
  return o;
}

}  // namespace oficio::orders::testing_help
