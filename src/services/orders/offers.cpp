#include "services/orders/offers.hpp"

#include <utility>

#include "platform/base/money.hpp"
#include "platform/json/json.hpp"

namespace oficio::orders {
namespace {

struct told_offer {
  std::string id;
  std::string gig_id;
  std::string seller_id;
  std::string buyer_id;
  std::string title;
  money price;
  std::int64_t delivery_days = 0;
  std::int64_t revisions = 0;
  time_point expires_at;
  std::string status;
};
BOOST_DESCRIBE_STRUCT(told_offer, (),
                      (id, gig_id, seller_id, buyer_id, title, price, delivery_days, revisions,
                       expires_at, status))

struct told {
  told_offer offer;
  party seller;
};
BOOST_DESCRIBE_STRUCT(told, (), (offer, seller))

}  // namespace

result<offer_terms> read_offer(const std::string& type, std::int64_t version,
                               const boost::json::object& data) {
  TRY(auto event, json::from_stored<told>(boost::json::value(data)));
  auto& offer = event.offer;
  if (offer.id.empty() || offer.buyer_id.empty() || offer.price.amount <= 0 ||
      event.seller.id.empty() || event.seller.id != offer.seller_id) {
    return json::unreadable({{"/offer", "required", "an offer has a price and two people"}});
  }
  return offer_terms{std::move(offer.id),
                     version,
                     type == "chat.offer.made" && offer.status == "open",
                     std::move(offer.gig_id),
                     std::move(event.seller),
                     std::move(offer.buyer_id),
                     std::move(offer.title),
                     std::move(offer.price.currency),
                     offer.price.amount,
                     offer.delivery_days,
                     offer.revisions,
                     offer.expires_at};
}

}  // namespace oficio::orders
