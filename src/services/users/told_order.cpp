#include "services/users/told_order.hpp"

#include <algorithm>
#include <map>

namespace oficio::users {
namespace {

using people_told = std::vector<std::pair<std::string, notice>>;

// One event as it is turned into notices.
struct news {
  const events::envelope& event;
  const told_order& order;

  notice about(std::string kind) const {
    notice n;
    n.id = event.id;
    n.kind = std::move(kind);
    n.link = "/orders/" + order.id;
    n.at = event.time;
    n.title = order.gig_title;
    n.facts = {{"order_id", order.id}, {"gig_id", order.gig_id}};
    if (order.due_at) n.facts["due_at"] = format_time(*order.due_at);
    return n;
  }
  notice by(const told_party& actor, std::string kind) const {
    auto n = about(std::move(kind));
    n.actor = actor.username;
    return n;
  }
  // To one of the two, of what the other did.
  people_told to_buyer(notice n) const { return {{order.buyer.id, std::move(n)}}; }
  people_told to_seller(notice n) const { return {{order.seller.id, std::move(n)}}; }
};

notice quoting(notice n, const std::string& text) {
  if (!text.empty()) n.facts["quote"] = text;
  return n;
}

notice for_money(notice n, const money& amount) {
  n.amount = amount;
  return n;
}

people_told of_payment(const news& of) {
  const auto& o = of.order;
  return {{o.seller.id, for_money(of.by(o.buyer, "order.paid"), o.price)},
          {o.buyer.id, for_money(of.by(o.seller, "order.receipt"), o.total)}};
}

std::string last_of(const std::vector<told_words>& all) {
  return all.empty() ? std::string() : all.back().message;
}

people_told of_delivery(const news& of) {
  auto n = of.by(of.order.seller, "order.delivered");
  return of.to_buyer(quoting(std::move(n), last_of(of.order.deliveries)));
}

people_told of_revision(const news& of) {
  auto n = of.by(of.order.buyer, "order.revision_requested");
  return of.to_seller(quoting(std::move(n), last_of(of.order.revision_requests)));
}

people_told of_extension(const news& of, bool answered) {
  auto asked = of.order.extension.value_or(told_extension{});
  const auto& o = of.order;
  if (!answered) {
    auto n = of.by(o.seller, "order.extension_requested");
    n.number = asked.days;
    return of.to_buyer(quoting(std::move(n), asked.reason));
  }
  auto n = of.by(o.buyer, asked.status == "approved" ? "order.extension_approved"
                                                     : "order.extension_rejected");
  n.number = asked.days;
  return of.to_seller(std::move(n));
}

people_told of_wish_to_cancel(const news& of, bool answered) {
  auto wish = of.order.cancellation.value_or(told_cancellation{});
  const auto& o = of.order;
  const auto& asker = wish.by == "seller" ? o.seller : o.buyer;
  const auto& other = wish.by == "seller" ? o.buyer : o.seller;
  if (!answered) {
    return {{other.id, quoting(of.by(asker, "order.cancellation_requested"), wish.reason)}};
  }
  return {{asker.id, of.by(other, wish.status == "approved" ? "order.cancellation_approved"
                                                            : "order.cancellation_rejected")}};
}

people_told of_completion(const news& of) {
  const auto& o = of.order;
  return {{o.buyer.id, of.by(o.seller, "order.completed")},
          {o.seller.id, of.by(o.buyer, "order.accepted")}};
}

people_told of_delay(const news& of) {
  const auto& o = of.order;
  return {{o.seller.id, of.by(o.buyer, "order.late")},
          {o.buyer.id, of.by(o.seller, "order.overdue")}};
}

std::string doer_of(const events::envelope& e) {
  auto* by = e.data.if_contains("by");
  return by && by->is_string() ? std::string(by->as_string()) : std::string();
}

// Whoever cancelled knows it, and a seller does not hear of an order before it is paid. What one
// asked for and the other agreed to is told as the answer.
people_told of_cancellation(const news& of) {
  const auto& o = of.order;
  auto end = o.cancellation.value_or(told_cancellation{.by = "system", .reason = {}, .status = {}});
  auto doer = doer_of(of.event);
  if (!doer.empty() && doer != "system" && doer != end.by) return {};
  bool paid = std::ranges::find(o.timeline, "paid", &told_step::type) != o.timeline.end();
  people_told out;
  if (end.by != "buyer") {
    auto n = of.by(o.seller, paid ? "order.cancelled" : "order.expired");
    out.emplace_back(o.buyer.id, quoting(std::move(n), end.reason));
  }
  if (end.by != "seller" && paid) {
    out.emplace_back(o.seller.id, quoting(of.by(o.buyer, "order.cancelled"), end.reason));
  }
  return out;
}

}  // namespace

people_told notices_of(const events::envelope& e, const told_order& o) {
  using use = people_told (*)(const news&);
  static const std::map<std::string_view, use> all = {
      {"placed",
       [](const news& of) {
         return of.to_buyer(for_money(of.by(of.order.seller, "order.placed"), of.order.total));
       }},
      {"paid", of_payment},
      {"started",
       [](const news& of) { return of.to_seller(of.by(of.order.buyer, "order.started")); }},
      {"delivered", of_delivery},
      {"revision_requested", of_revision},
      {"extension_requested", [](const news& of) { return of_extension(of, false); }},
      {"extension_answered", [](const news& of) { return of_extension(of, true); }},
      {"cancellation_requested", [](const news& of) { return of_wish_to_cancel(of, false); }},
      {"cancellation_answered", [](const news& of) { return of_wish_to_cancel(of, true); }},
      {"completed", of_completion},
      {"cancelled", of_cancellation},
      {"late", of_delay}};
  auto found = all.find(std::string_view(e.type).substr(e.type.rfind('.') + 1));
  return found == all.end() ? people_told{} : found->second({e, o});
}

}  // namespace oficio::users
