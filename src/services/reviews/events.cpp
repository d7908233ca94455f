#include "services/reviews/events.hpp"

namespace oficio::reviews {
namespace {

struct review_view {
  std::string id;
  std::string order_id;
  std::string gig_id;
  person from;
  person about;
  std::int64_t rating = 0;
  std::string text;
  std::optional<reviews::reply> reply;
  std::optional<time_point> published_at;
};
BOOST_DESCRIBE_STRUCT(review_view, (),
                      (id, order_id, gig_id, from, about, rating, text, reply, published_at))

struct told_order {
  std::string id;
  std::string gig_id;
  person buyer;
  person seller;
  std::optional<time_point> completed_at;
};
BOOST_DESCRIBE_STRUCT(told_order, (), (id, gig_id, buyer, seller, completed_at))

struct told_profile {
  std::string id;
  std::optional<std::string> avatar;
};
BOOST_DESCRIBE_STRUCT(told_profile, (), (id, avatar))

json::object told(const rating_sum& r) {
  return {{"id", r.id},
          {"version", r.version},
          {"average", r.average()},
          {"count", r.count()},
          {"histogram", json::to_value(r.histogram)}};
}

error malformed(const std::string& why) {
  return {errc::bad_request, "malformed_event", "An event cannot be read: " + why};
}

template <class T>
result<T> member_of(const events::envelope& e, std::string_view name) {
  auto* found = e.data.if_contains(name);
  if (!found) return malformed("it has no " + std::string(name) + ".");
  auto value = json::from_stored<T>(*found);
  if (!value) return malformed(value.error().detail);
  return value;
}

}  // namespace

json::object view_of(const review& r) {
  review_view v{.id = r.id,
                .order_id = r.order_id,
                .gig_id = r.gig_id,
                .from = r.from,
                .about = r.about,
                .rating = r.rating,
                .text = r.text,
                .reply = r.reply,
                .published_at = r.published_at};
  return json::to_value(v).as_object();
}

json::object view_of(const review& r, const std::map<std::string, std::string>& faces) {
  auto view = view_of(r);
  for (const auto* side : {"from", "about"}) {
    auto& person = view.at(side).as_object();
    auto face = faces.find(std::string(person.at("id").as_string()));
    person["avatar"] = face == faces.end() ? json::value(nullptr) : json::value(face->second);
  }
  return view;
}

events::raised published(const review& r, const std::optional<rating_sum>& gig,
                         const rating_sum& about) {
  json::object data{{"review", view_of(r)},
                    {"side", json::to_value(r.side)},
                    {"gig_rating", nullptr},
                    {"about_rating", told(about)}};
  if (gig) data["gig_rating"] = told(*gig);
  return {"reviews.review.published", std::move(data), {r.from.id, r.about.id}};
}

events::raised replied(const review& r) {
  return {"reviews.reply.published", {{"review", view_of(r)}}, {r.from.id, r.about.id}};
}

result<placed_order> read_placed(const events::envelope& e) {
  TRY(auto order, member_of<told_order>(e, "order"));
  if (order.id.empty() || order.buyer.id.empty() || order.seller.id.empty()) {
    return malformed("an id is missing.");
  }
  return placed_order{std::move(order.id), std::move(order.buyer.id), std::move(order.seller.id)};
}

result<person> read_seller(const events::envelope& e) {
  TRY(auto seller, member_of<person>(e, "seller"));
  if (seller.id.empty() || seller.username.empty()) return malformed("an id is missing.");
  return seller;
}

result<known_face> read_face(const events::envelope& e) {
  TRY(auto profile, member_of<told_profile>(e, "profile"));
  if (profile.id.empty()) return malformed("an id is missing.");
  return known_face{std::move(profile.id), std::move(profile.avatar), e.version()};
}

result<completed_order> read_completed(const events::envelope& e) {
  TRY(auto order, member_of<told_order>(e, "order"));
  if (order.id.empty() || order.gig_id.empty() || order.buyer.id.empty() ||
      order.seller.id.empty()) {
    return malformed("an id is missing.");
  }
  return completed_order{.id = std::move(order.id),
                         .gig_id = std::move(order.gig_id),
                         .buyer = std::move(order.buyer),
                         .seller = std::move(order.seller),
                         .completed_at = order.completed_at.value_or(e.time)};
}

}  // namespace oficio::reviews
