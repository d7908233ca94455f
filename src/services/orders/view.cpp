#include "services/orders/view.hpp"

#include "platform/base/money.hpp"
#include "platform/json/json.hpp"

namespace oficio::orders {
namespace {

struct order_view {
  std::string id;
  std::int64_t revision = 0;
  orders::status status = orders::status::pending_payment;
  bool late = false;
  party buyer;
  party seller;
  std::string gig_id;
  std::string gig_title;
  std::optional<std::string> offer_id;
  std::string package;
  std::int64_t quantity = 0;
  money price;
  money fee;
  money total;
  std::optional<time_point> due_at;
  std::optional<order_requirements> requirements;
  std::vector<delivery> deliveries;
  std::int64_t revisions_left = 0;
  std::vector<revision_request> revision_requests;
  std::optional<order_extension> extension;
  std::optional<order_cancellation> cancellation;
  std::vector<timeline_entry> timeline;
  review_marks reviews;
  std::optional<time_point> completed_at;
  time_point created_at;
};
BOOST_DESCRIBE_STRUCT(order_view, (),
                      (id, revision, status, late, buyer, seller, gig_id, gig_title, offer_id,
                       package, quantity, price, fee, total, due_at, requirements, deliveries,
                       revisions_left, revision_requests, extension, cancellation, timeline,
                       reviews, completed_at, created_at))

events::raised told(const order& o, std::string type, side by) {
  boost::json::object data{{"order", view_of(o)}, {"by", boost::json::string(to_string(by))}};
  return {std::move(type), std::move(data), {o.buyer.id, o.seller.id}};
}

// What told of that state; an order that waits for its payment was only placed.
std::string_view last_event(status s) {
  switch (s) {
    case status::pending_payment:
      return {};
    case status::awaiting_requirements:
      return "orders.order.paid";
    case status::in_progress:
      return "orders.order.started";
    case status::delivered:
      return "orders.order.delivered";
    case status::completed:
      return "orders.order.completed";
    case status::cancelled:
      return "orders.order.cancelled";
  }
  return {};
}

}  // namespace

boost::json::object view_of(const order& o) {
  order_view v;
  v.id = o.id;
  v.revision = o.revision;
  v.status = o.status;
  v.late = o.late;
  v.buyer = o.buyer;
  v.seller = o.seller;
  v.gig_id = o.gig_id;
  v.gig_title = o.gig_title;
  v.offer_id = o.offer_id;
  v.package = o.package;
  v.quantity = o.quantity;
  v.price = {o.price, o.currency};
  v.fee = {o.fee, o.currency};
  v.total = {o.total(), o.currency};
  v.due_at = o.due_at;
  v.requirements = o.requirements;
  v.deliveries = o.deliveries;
  v.revisions_left = o.revisions_left;
  v.revision_requests = o.revision_requests;
  v.extension = o.extension;
  v.cancellation = o.cancellation;
  v.timeline = o.timeline;
  v.reviews = o.reviews;
  v.completed_at = o.completed_at;
  v.created_at = o.created_at;
  return json::to_value(v).as_object();
}

std::vector<events::raised> events_of(const order& o) {
  std::vector<events::raised> out;
  for (const auto& [type, by] : o.raised) out.push_back(told(o, type, by));
  return out;
}

std::vector<events::raised> facts_of(const order& o) {
  std::vector<events::raised> out{told(o, "orders.order.placed", side::buyer)};
  if (auto type = last_event(o.status); !type.empty()) {
    out.push_back(told(o, std::string(type), side::system));
  }
  return out;
}

}  // namespace oficio::orders
