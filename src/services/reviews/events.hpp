#pragma once

#include <map>
#include <optional>
#include <string>

#include "platform/base/result.hpp"
#include "platform/events/envelope.hpp"
#include "platform/json/json.hpp"
#include "services/reviews/review.hpp"

namespace oficio::reviews {

// A review as other services see it.
json::object view_of(const review& r);
// A review as clients see it, with the pictures that its two people have now.
json::object view_of(const review& r, const std::map<std::string, std::string>& faces);

// "reviews.review.published". `gig` only for a review that the buyer wrote.
events::raised published(const review& r, const std::optional<rating_sum>& gig,
                         const rating_sum& about);

// "reviews.reply.published".
events::raised replied(const review& r);

// The order that an "orders.order.placed" tells of, and the seller that a "users.seller.*" does.
// Error: bad_request `malformed_event`.
result<placed_order> read_placed(const events::envelope& e);
result<person> read_seller(const events::envelope& e);

// The picture of whose profile a "users.profile.updated" tells. Error: as above.
result<known_face> read_face(const events::envelope& e);

// The order that an "orders.order.completed" tells of. Error: bad_request `malformed_event`.
result<completed_order> read_completed(const events::envelope& e);

}  // namespace oficio::reviews
