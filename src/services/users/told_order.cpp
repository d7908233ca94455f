#include "services/users/told_order.hpp"

#include <algorithm>

namespace oficio::users {
namespace {

using people_told = std::vector<std::pair<std::string, notice>>;

notice about(const events::envelope& e, const told_order& o, std::string kind) {
  notice n;
  n.id = e.id;
  n.kind = std::move(kind);
  n.link = "/orders/" + o.id;
  n.at = e.time;
  n.title = o.gig_title;
  n.facts = {{"order_id", o.id}, {"gig_id", o.gig_id}};
  return n;
}

notice by(notice n, const told_party& actor) {
  n.actor = actor.username;
  return n;
}

notice for_money(notice n, const money& amount) {
  n.amount = amount;
  return n;
}

// Whoever cancelled knows it, and a seller does not hear of an order before it is paid.
people_told of_cancellation(const events::envelope& e, const told_order& o) {
  auto who = o.cancellation ? o.cancellation->by : std::string("system");
  bool paid = std::ranges::find(o.timeline, "paid", &told_step::type) != o.timeline.end();
  people_told out;
  if (who != "buyer") {
    out.emplace_back(o.buyer.id, about(e, o, paid ? "order.cancelled" : "order.expired"));
  }
  if (who != "seller" && paid) out.emplace_back(o.seller.id, about(e, o, "order.cancelled"));
  return out;
}

}  // namespace

people_told notices_of(const events::envelope& e, const told_order& o) {
  auto step = e.type.substr(e.type.rfind('.') + 1);
  if (step == "placed") {
    return {{o.buyer.id, for_money(about(e, o, "order.placed"), o.total)}};
  }
  if (step == "paid") {
    return {{o.seller.id, for_money(by(about(e, o, "order.paid"), o.buyer), o.price)}};
  }
  if (step == "started") return {{o.seller.id, by(about(e, o, "order.started"), o.buyer)}};
  if (step == "delivered") return {{o.buyer.id, by(about(e, o, "order.delivered"), o.seller)}};
  if (step == "completed") {
    return {{o.buyer.id, about(e, o, "order.completed")},
            {o.seller.id, by(about(e, o, "order.accepted"), o.buyer)}};
  }
  if (step == "cancelled") return of_cancellation(e, o);
  return {};
}

}  // namespace oficio::users
